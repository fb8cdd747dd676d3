package io.millrace.benchmarks.peers;

import java.util.List;
import java.util.Map;

/**
 * A program that does the task.
 *
 * @param id its name on the command line
 * @param title its name in the report
 * @param before a program that makes the database ready before the clock starts; empty for none
 * @param command the program and its arguments
 * @param vmOptionsAt where in the command options of the Java VM may be added; -1 where they may not
 * @param environment more variables
 * @param writesTable whether it leaves a table; the others print events and revenue
 */
record Contestant(
        String id,
        String title,
        List<String> before,
        List<String> command,
        int vmOptionsAt,
        Map<String, String> environment,
        boolean writesTable) {

    Contestant {
        before = List.copyOf(before);
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
