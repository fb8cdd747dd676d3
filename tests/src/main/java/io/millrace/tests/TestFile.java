package io.millrace.tests;

import io.millrace.api.Doc;
import io.millrace.api.Rejection;
import io.millrace.engine.yaml.Yaml;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a test file says. Components are the file's keys. */
@Doc("Tests of one pipeline. A file of tests is called `*.test.yaml` and lies beside the pipeline file.")
public record TestFile(
        @Doc("The pipeline file, relative to the folder of the test file.")
        Path pipeline,

        @Doc(value = "Values of the pipeline's parameters, by name.", byDefault = "{}")
        Map<String, String> parameters,

        @Doc("The time at which records are received, for `_received_at`. Without it, it is the time of the test.")
        @Nullable
        Instant at,

        @Doc("How given CSV files are written.") @Nullable Csv csv,

        @Doc("The tests. Each begins with an empty table.") List<Case> tests) {

    public TestFile {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        tests = List.copyOf(tests);
    }

    /** How CSV is written. */
    @Doc("How given CSV files are written.")
    public record Csv(
            @Doc("The character between two values. Without it, a comma, or a tab in files called .tsv.") @Nullable
            Character delimiter,

            @Doc(value = "Whether the first line names the columns.", byDefault = "true")
            boolean header,

            @Doc(value = "The names of the columns where the files do not give them.", byDefault = "[]")
            List<String> columns) {

        public Csv {
            columns = List.copyOf(columns);
            if (header != columns.isEmpty()) {
                throw new IllegalArgumentException(
                        header
                                ? "columns: the first line names the columns; leave this out, or say header: false"
                                : "columns: without a header the names of the columns are needed");
            }
        }
    }

    /** One test. */
    @Doc("One test: records that are given, and what is expected of them.")
    public record Case(
            @Doc("What the test shows.") String name,

            @Doc(
                    value =
                            "The records: a mapping is written as a JSON object, a text is taken as it is, line by line. "
                                    + "`_received_at`, `_source`, `_offset` and `_client` in a mapping are not fields: "
                                    + "they say what the query reads under these names.",
                    byDefault = "[]")
            List<Yaml> given,

            @Doc(
                    value = "Files of records, relative to the folder of the test file: CSV where they are called .csv "
                            + "or .tsv, otherwise one JSON object a line; they may be compressed with gzip or "
                            + "zstd. They come after the records under `given`.",
                    byDefault = "[]")
            List<Path> files,

            @Doc("The time at which records are received, instead of that of the file.") @Nullable
            Instant at,

            @Doc("The rows of the table, in any order. The columns that a row names are compared, and there must be no "
                    + "other rows. Without it, rows are not looked at.")
            @Nullable
            List<Map<String, Yaml>> expect,

            @Doc(value = "The records that must be in the quarantine, in any order, and no others.", byDefault = "[]")
            List<Refused> quarantine,

            @Doc(
                    value =
                            "Whether `stop_when` must stop the pipeline. Rows and quarantine are those of the records that it "
                                    + "has read by then, which it does by up to 500 at a time.",
                    byDefault = "false")
            boolean stops,

            @Doc("Kills the run after so many records and starts another, which goes on from the last commit.")
            @Nullable
            Integer restartAfter,

            @Doc(value = "How many lanes read the records side by side.", byDefault = "1")
            int parallel,

            @Doc(value = "Whether records come in another order than they are given.", byDefault = "false")
            boolean shuffle,

            @Doc("Makes `shuffle` repeatable. Without it, another is drawn each time, and printed.") @Nullable
            Long seed) {

        static final int MOST_LANES = 64;

        public Case {
            given = List.copyOf(given);
            files = List.copyOf(files);
            quarantine = List.copyOf(quarantine);
            if (parallel < 1 || parallel > MOST_LANES) {
                throw new IllegalArgumentException("parallel: expected 1 to " + MOST_LANES + ", found " + parallel);
            }
            if (restartAfter != null && restartAfter < 1) {
                throw new IllegalArgumentException("restart_after: expected 1 or more records, found " + restartAfter);
            }
        }
    }

    /** A record that is expected in the quarantine. */
    @Doc("A record that is expected in the quarantine.")
    public record Refused(
            @Doc("The reason, such as `malformed_json`.") String code,

            @Doc("The field or column at fault. Without it, it is not compared.") @Nullable
            String field,

            @Doc("The step that refused it. Without it, it is not compared.")
            Rejection.@Nullable Stage stage,

            @Doc("Which of the given records it is, from 1. Without it, it is not compared.") @Nullable
            Integer record) {

        boolean matches(int number, Rejection found) {
            return code.equals(found.code())
                    && (field == null || field.equals(found.field()))
                    && (stage == null || stage == found.stage())
                    && (record == null || record == number);
        }
    }
}
