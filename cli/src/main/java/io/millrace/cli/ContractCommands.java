package io.millrace.cli;

import io.millrace.contract.Violation;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code millrace contract}: makes, compares and tries schemas of records. Nothing is changed by it. */
final class ContractCommands {

    private ContractCommands() {}

    /** @param input the standard input */
    static Command group(Terminal terminal, InputStream input) {
        Map<String, Command> commands = new LinkedHashMap<>();
        commands.put("infer", new ContractInferCommand(terminal, input));
        commands.put("diff", new ContractDiffCommand(terminal));
        commands.put("check", new ContractCheckCommand(terminal, input));
        return new CommandGroup(
                "Makes, compares and tries schemas of records (JSON Schema 2020-12). Nothing is changed by it.",
                commands);
    }

    /** A violation as one line. */
    static String line(String place, Violation violation) {
        return place + ": " + (violation.pointer().isEmpty() ? "" : violation.pointer() + ": ") + violation.code()
                + ": " + violation.message();
    }
}
