package io.millrace.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ParseResult;

/**
 * How the user called us, for commands that we tell them to type.
 *
 * @param launcher as they typed it
 * @param options that every command needs to find the same database
 */
record Invocation(String launcher, List<String> options) {

    static Invocation of(ParseResult given) {
        return new Invocation(
                System.getProperty("millrace.command", "millrace"),
                given.hasMatchedOption(PipelineArguments.HOME)
                        ? List.of(
                                PipelineArguments.HOME,
                                given.matchedOption(PipelineArguments.HOME)
                                        .originalStringValues()
                                        .getFirst())
                        : List.of());
    }

    /** A command line for a shell. */
    String command(String... arguments) {
        return Stream.of(Stream.of(launcher), Stream.of(arguments), options.stream())
                .flatMap(words -> words)
                .map(Invocation::quoted)
                .collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        if (word.matches("[A-Za-z0-9_./:=,@%+-]+")) {
            return word;
        }
        return word.matches("[^\"$`\\\\!]+") ? '"' + word + '"' : "'" + word.replace("'", "'\\''") + "'";
    }
}
