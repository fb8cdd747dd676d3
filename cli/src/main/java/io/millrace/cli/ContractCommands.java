package io.millrace.cli;

import io.millrace.cli.data.RecordFile;
import io.millrace.contract.Violation;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

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

    /** How records are written. */
    enum Form {
        NDJSON,
        CSV
    }

    static OptionSpec formOption() {
        return Command.option(
                "--format", Form.class, "FORMAT", "ndjson or csv (csv where the name of the file says so).");
    }

    static PositionalParamSpec records() {
        return Command.positional(
                "FILE", "Records, one a line, or CSV with a header; also gzip and zstd. '-' is the standard input.");
    }

    static Form form(ParseResult given, String file) {
        return given.matchedOptionValue("--format", RecordFile.isCsv(file) ? Form.CSV : Form.NDJSON);
    }

    /** A violation as one line. */
    static String line(String place, Violation violation) {
        return place + ": " + (violation.pointer().isEmpty() ? "" : violation.pointer() + ": ") + violation.code()
                + ": " + violation.message();
    }
}
