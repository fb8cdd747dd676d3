package io.millrace.cli;

import io.millrace.cli.output.Figures;
import io.millrace.contract.ContractSchema;
import io.millrace.contract.ContractSchemaException;
import io.millrace.contract.diff.Finding;
import io.millrace.contract.diff.SchemaDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace contract diff}: whether a new schema takes all records that the old one took. */
final class ContractDiffCommand implements Command {

    private final Terminal terminal;

    ContractDiffCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public CommandSpec spec() {
        return Command.spec(
                        "Says whether every record that fits an old schema fits a new one, and what breaks. Ends with"
                                + " exit code 1 where something breaks or can't be told.")
                .addPositional(schema("OLD", "0", "The schema that records fit now."))
                .addPositional(schema("NEW", "1", "The schema that shall take its place."));
    }

    private static PositionalParamSpec schema(String label, String index, String description) {
        return PositionalParamSpec.builder()
                .paramLabel(label)
                .index(index)
                .arity("1")
                .required(true)
                .type(Path.class)
                .description(description)
                .build();
    }

    @Override
    public int run(ParseResult given) throws IOException, UserException {
        Path before = given.matchedPositionalValue(0, Path.of(""));
        Path after = given.matchedPositionalValue(1, Path.of(""));
        load(before);
        load(after);
        SchemaDiff diff = SchemaDiff.of(Files.readString(before), Files.readString(after));
        int breaks = 0;
        for (Finding finding : diff.findings()) {
            boolean sure = finding.kind() == Finding.Kind.BREAKS;
            breaks += sure ? 1 : 0;
            terminal.out()
                    .println((sure ? "breaks: " : "can't tell: ") + finding.change()
                            + (finding.example().isEmpty()
                                    ? ""
                                    : "; " + (sure ? "breaks " : "may break ") + finding.example())
                            + " (old " + place(finding.oldPointer()) + ", new " + place(finding.newPointer()) + ")");
        }
        if (diff.compatible()) {
            terminal.out().println("compatible: every record that fits " + before + " fits " + after);
            return ExitCode.DONE;
        }
        terminal.flush();
        int open = diff.findings().size() - breaks;
        terminal.err()
                .println("millrace: " + after + " is "
                        + (breaks > 0 ? "not compatible with " : "not known to be compatible with ") + before + ": "
                        + Figures.count(breaks, "change") + (breaks == 1 ? " breaks" : " break") + " records, "
                        + Figures.count(open) + " can't be told");
        return ExitCode.FAILED;
    }

    private static String place(String pointer) {
        return "#" + pointer;
    }

    /** Reads a schema, to be sure that it is one. */
    static ContractSchema load(Path file) throws IOException, UserException {
        try {
            return ContractSchema.load(file);
        } catch (ContractSchemaException e) {
            throw UserException.usage(String.valueOf(e.getMessage()));
        }
    }
}
