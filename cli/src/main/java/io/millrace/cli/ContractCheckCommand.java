package io.millrace.cli;

import io.millrace.cli.data.CsvRows;
import io.millrace.cli.data.RecordFile;
import io.millrace.cli.data.RecordLines;
import io.millrace.cli.output.Figures;
import io.millrace.contract.RecordChecker;
import io.millrace.contract.Violation;
import io.millrace.formats.Decoder;
import io.millrace.formats.ReasonCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace contract check}: holds the records of a file to a schema. */
final class ContractCheckCommand implements Command {

    static final Violation TOO_LONG = new Violation(
            "",
            null,
            ReasonCode.RECORD_TOO_LARGE.code(),
            "longer than " + Figures.count(RecordFile.MAX_RECORD_BYTES) + " bytes");

    private static final int USUALLY_SHOWN = 20;

    private final Terminal terminal;
    private final InputStream input;

    ContractCheckCommand(Terminal terminal, InputStream input) {
        this.terminal = terminal;
        this.input = input;
    }

    @Override
    public CommandSpec spec() {
        return Command.spec(
                        "Checks the records of a file against a schema: says which break it, and how many there are."
                                + " Ends with exit code 1 where there is any.")
                .addOption(
                        Command.option("--schema", Path.class, "SCHEMA", "The schema that they have to fit.")
                                .toBuilder()
                                .required(true)
                                .build())
                .addOption(Command.option(
                        "--limit",
                        Integer.class,
                        "N",
                        "How many violations are shown, each with its line (" + USUALLY_SHOWN + ")."))
                .addOption(ContractCommands.formOption())
                .addPositional(ContractCommands.records());
    }

    @Override
    public int run(ParseResult given) throws IOException, UserException {
        String file = given.matchedPositionalValue(0, "");
        RecordChecker checker = ContractDiffCommand.load(given.matchedOptionValue("--schema", Path.of("")))
                .checker();
        Count count = new Count(checker, given.matchedOptionValue("--limit", USUALLY_SHOWN));
        try (InputStream in = RecordFile.open(file, input);
                ProgressLine progress = new ProgressLine(terminal)) {
            count.progress = progress;
            switch (ContractCommands.form(given, file)) {
                case NDJSON -> RecordLines.read(in, RecordFile.MAX_RECORD_BYTES, count);
                case CSV -> CsvRows.read(in, RecordFile.MAX_RECORD_BYTES, count);
            }
        }
        long broken = count.byCode.values().stream().mapToLong(Long::longValue).sum();
        if (broken > count.limit) {
            terminal.out().println("and " + Figures.count(broken - count.limit) + " more");
        }
        terminal.out()
                .println(Figures.count(count.records, "record") + ": " + Figures.count(count.records - broken)
                        + (count.records - broken == 1 ? " fits, " : " fit, ") + Figures.count(broken)
                        + (broken == 1 ? " does not" : " do not"));
        count.byCode.forEach((code, number) -> terminal.out().println("  " + code + ": " + Figures.count(number)));
        return broken > 0 ? ExitCode.FAILED : ExitCode.DONE;
    }

    /** Counts records, and shows the first that break the schema. */
    private final class Count implements RecordLines.Reader, CsvRows.Reader {

        private final RecordChecker checker;
        private final int limit;
        private final Map<String, Long> byCode = new TreeMap<>();
        private long records;

        @SuppressWarnings("NullAway.Init") // set before the first record
        private ProgressLine progress;

        Count(RecordChecker checker, int limit) {
            this.checker = checker;
            this.limit = limit;
        }

        @Override
        public void line(byte[] b, int from, int to, long number) {
            counted("line " + number, checker.check(b, from, to));
        }

        @Override
        public void row(CsvRows.Row row) {
            counted(place(row.offset()), checker.check(row.json()));
        }

        @Override
        public void tooLong(long number) {
            counted("line " + number, TOO_LONG);
        }

        @Override
        public void malformed(long offset, Decoder.Malformed row) {
            counted(place(offset), new Violation("", null, row.code(), row.message()));
        }

        /** A row of CSV may go over several lines. */
        private static String place(long offset) {
            return "byte " + (offset + 1);
        }

        private void counted(String place, @Nullable Violation violation) {
            records++;
            progress.show(() -> Figures.count(records, "record"));
            if (violation == null) {
                return;
            }
            if (byCode.values().stream().mapToLong(Long::longValue).sum() < limit) {
                terminal.out().println(ContractCommands.line(place, violation));
            }
            byCode.merge(violation.code(), 1L, Long::sum);
        }
    }
}
