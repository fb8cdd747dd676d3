package io.millrace.cli;

import io.millrace.cli.data.CsvRows;
import io.millrace.cli.data.RecordFile;
import io.millrace.cli.data.RecordLines;
import io.millrace.cli.output.Figures;
import io.millrace.contract.Violation;
import io.millrace.contract.infer.SchemaInference;
import io.millrace.formats.Decoder;
import java.io.IOException;
import java.io.InputStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace contract infer}: proposes a schema that fits records which are there already. */
final class ContractInferCommand implements Command {

    private static final int SHOWN = 5;

    private final Terminal terminal;
    private final InputStream input;

    ContractInferCommand(Terminal terminal, InputStream input) {
        this.terminal = terminal;
        this.input = input;
    }

    @Override
    public CommandSpec spec() {
        return Command.spec(
                        "Proposes a JSON Schema that fits all records of a file, and prints it. Look it over: it knows"
                                + " no more than those records.")
                .addOption(Command.option("--name", String.class, "TITLE", "The title of the schema."))
                .addOption(OptionSpec.builder("--ranges")
                        .description("Proposes bounds too: of numbers, lengths and sizes.")
                        .build())
                .addOption(ContractCommands.formOption())
                .addPositional(ContractCommands.records());
    }

    @Override
    public int run(ParseResult given) throws IOException, UserException {
        String file = given.matchedPositionalValue(0, "");
        SchemaInference inference = new SchemaInference(given.hasMatchedOption("--ranges"));
        Left left = new Left();
        try (InputStream in = RecordFile.open(file, input);
                ProgressLine progress = new ProgressLine(terminal)) {
            switch (ContractCommands.form(given, file)) {
                case NDJSON -> RecordLines.read(in, RecordFile.MAX_RECORD_BYTES, lines(inference, left, progress));
                case CSV -> CsvRows.read(in, RecordFile.MAX_RECORD_BYTES, rows(inference, left, progress));
            }
        }
        if (left.count > SHOWN) {
            terminal.err().println("millrace: and " + Figures.count(left.count - SHOWN) + " more of that kind");
        }
        if (left.count > 0) {
            terminal.err().println("millrace: " + Figures.count(left.count, "record") + " could not be read");
        }
        if (inference.records() == 0) {
            throw UserException.failed("there is no record in " + file + " to propose a schema from");
        }
        terminal.out().print(inference.propose(given.matchedOptionValue("--name", null), left.count));
        return ExitCode.DONE;
    }

    /** What could not be read. */
    private final class Left {

        private long count;

        void out(String place, Violation violation) {
            if (++count <= SHOWN) {
                terminal.err().println("millrace: " + ContractCommands.line(place, violation));
            }
        }
    }

    private static void show(SchemaInference inference, ProgressLine progress) {
        progress.show(() -> Figures.count(inference.records(), "record"));
    }

    private static RecordLines.Reader lines(SchemaInference inference, Left left, ProgressLine progress) {
        return new RecordLines.Reader() {
            @Override
            public void line(byte[] b, int from, int to, long number) {
                Violation violation = inference.add(b, from, to);
                if (violation != null) {
                    left.out("line " + number, violation);
                }
                show(inference, progress);
            }

            @Override
            public void tooLong(long number) {
                left.out("line " + number, ContractCheckCommand.TOO_LONG);
            }
        };
    }

    private static CsvRows.Reader rows(SchemaInference inference, Left left, ProgressLine progress) {
        return new CsvRows.Reader() {
            @Override
            public void row(CsvRows.Row row) {
                inference.add(row.names(), row.values());
                show(inference, progress);
            }

            @Override
            public void malformed(long offset, Decoder.Malformed row) {
                left.out("byte " + (offset + 1), new Violation("", null, row.code(), row.message()));
            }
        };
    }
}
