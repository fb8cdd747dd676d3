package io.millrace.engine.pipeline;

import io.millrace.api.ByteSize;
import io.millrace.api.Doc;
import io.millrace.api.Kept;
import io.millrace.api.Projection;
import io.millrace.api.RejectionLimit;
import io.millrace.api.Sink;
import io.millrace.api.SinkConnector;
import io.millrace.api.SinkException;
import io.millrace.api.Source;
import io.millrace.api.SourceConnector;
import io.millrace.api.SourceException;
import io.millrace.api.SplitReader;
import io.millrace.api.TableShape;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a pipeline file says, before it is known whether it makes sense. Components are the file's keys. */
@Doc("One pipeline: where records come from, the query that they go through, and the table that they end in.")
public record PipelineFile(
        @Doc("The pipeline's name: lower-case letters, digits, `-` and `_`, beginning with a letter or a digit. "
                + "Progress, quarantine and ledger are kept under it, so a new name starts from the beginning.")
        String pipeline,

        @Doc(
                value = "Default values for parameters, by name. `${NAME}` stands for a parameter anywhere in a value.",
                byDefault = "{}")
        Map<String, String> parameters,

        @Doc("The source: the name of one connector with its settings.")
        From<?> from,

        @Doc(
                value = "The SQL types of fields, by the path of the field (`a.b` is field `b` of the object `a`); "
                        + "`NOT NULL` may follow. A record whose field holds another kind of value goes to the "
                        + "quarantine. Once there are columns, the query can read no other fields. Without them "
                        + "it can read any: each has the type of the casts around it, or is text. The schema of the "
                        + "contract gives columns, too; those given here overrule it.",
                byDefault = "{}")
        Map<String, String> columns,

        @Doc(value = "What every record must be like.", byDefault = "{}")
        Contract contract,

        @Doc("Which records repeat another, so that they are not loaded again.") @Nullable
        Dedupe dedupe,

        @Doc("One SQL `SELECT` over `input`.") String transform,

        @Doc("The destination: the name of one connector with its settings.")
        Into<?> into,

        @Doc("How many lanes read, decode and commit side by side. Without it, as many as the machine has processors.")
        @Nullable
        Integer lanes,

        @Doc(value = "When a lane commits what it has.", byDefault = "{}")
        Commit commit,

        @Doc(
                "Stops a pipeline gone wrong: `rejected > 5 % of 10000` where of the last 10000 records that it received more "
                        + "than 5 % were rejected, whatever the reason. What was read by then is committed. The pipeline stays "
                        + "stopped until it is run again, or, in a server, until its file changes or the server starts again.")
        @Nullable
        RejectionLimit stopWhen,

        @Doc(value = "Paths on which the server answers with rows of the table or with records.", byDefault = "[]")
        List<Serve> serve) {

    public PipelineFile {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        serve = List.copyOf(serve);
    }

    /**
     * What every record must be like.
     *
     * @param schema the file of the JSON Schema, as written; null where there is none
     * @param onViolation what becomes of a record that is not
     * @param additional what becomes of fields that the schema does not name
     */
    @Doc("What every record must be like: JSON whose fields have the types that `columns` give them, and all that a "
            + "JSON Schema says.")
    public record Contract(
            @Doc(
                    "A file with a JSON Schema (2020-12), relative to the pipeline file, that every record must fit; `format` "
                            + "counts. It may `$ref` others by relative path; nothing is fetched from a network. The columns "
                            + "and their types follow from it; `columns` overrule it.")
            @Nullable
            Path schema,

            @Doc(
                    value = "What becomes of a record that breaks it: `quarantine` loads its neighbours and keeps it "
                            + "aside; `reject` refuses it at the gateway, so that whoever sends it is told; `drop` "
                            + "counts it in the ledger and keeps nothing else of it.",
                    byDefault = "quarantine")
            OnViolation onViolation,

            @Doc(
                    value =
                            "What becomes of fields that the schema does not name and does not forbid: `ignore` reads the "
                                    + "others; `quarantine` takes the record for one that breaks the contract; `evolve` "
                                    + "adds a column to the table for each field of the record itself, and says so.",
                    byDefault = "ignore")
            Additional additional) {}

    /**
     * Which records repeat another.
     *
     * @param key paths of fields, at least one
     * @param within for how long a record is remembered after it was received
     */
    @Doc(
            "Which records repeat another: those whose key is that of a record that was loaded. The keys are remembered in the "
                    + "destination and change in the same transaction as the rows, so that a crash neither loads a record twice "
                    + "nor loses one.")
    public record Dedupe(
            @Doc(
                    "The fields whose values make the key together, such as `[event_id]`. A record that lacks one goes to the "
                            + "quarantine.")
            List<String> key,

            @Doc("For how long a key is remembered after its record was received, to the second: `7d`. Each takes some "
                    + "25 bytes of memory while the pipeline runs, and 16 bytes in the destination.")
            Duration within) {
        public Dedupe {
            key = List.copyOf(key);
        }
    }

    /** What becomes of fields that a schema does not name. */
    public enum Additional {
        /** They may be there and are not read. */
        IGNORE,
        /** The record breaks the contract. */
        QUARANTINE,
        /** Those of the record itself become columns of the table. */
        EVOLVE
    }

    /** What becomes of a record that breaks the contract. */
    public enum OnViolation {
        /** It is kept aside with the reason. */
        QUARANTINE,
        /** Whoever sends it is told, and it is not stored. */
        REJECT,
        /** It is counted, and that is all. */
        DROP
    }

    /**
     * A path on which the server answers.
     *
     * @param path what is in braces stands for a value
     * @param table the table to read; null for the pipeline's own
     * @param columns what to answer with; null for all columns of the pipeline's table
     * @param events the field of records whose value is asked for; null to answer with rows
     */
    @Doc("A path on which the server answers with rows of a table, or with records of the log.")
    public record Serve(
            @Doc(
                    "The path, such as `/userRevenue/{user_id}`: what is in braces is a column of the table, and its value "
                            + "is asked for. Without braces the rows are listed, page by page.")
            String path,

            @Doc("The table to read. Without it, the pipeline's own.") @Nullable
            String table,

            @Doc("The columns to answer with. Without it, those of the pipeline's own table.") @Nullable
            List<String> columns,

            @Doc(
                    "Answers with the records as they were received instead of rows: those whose field of this path has the "
                            + "value that the braces stand for. Only with `from: http`.")
            @Nullable
            String events) {}

    /**
     * A source as a file names it.
     *
     * @param connector what makes it
     * @param config its settings
     */
    public record From<C extends Record>(SourceConnector<C> connector, C config) {
        static <C extends Record> From<C> of(SourceConnector<C> connector, Record config) {
            return new From<>(connector, connector.config().cast(config));
        }

        List<SourceConnector.Problem> lint() {
            return connector.lint(config);
        }

        List<SourceConnector.Problem> check(Projection input, SourceConnector.Context context)
                throws InterruptedException {
            return connector.check(config, input, context);
        }

        boolean keysMaySpanSplits() {
            return connector.keysMaySpanSplits(config);
        }

        /** Where records come from, in a few words for people. */
        public String place() {
            return connector.place(config);
        }

        Source open(SourceConnector.Context context) throws SourceException {
            return connector.open(config, context);
        }

        SplitReader reread(SourceConnector.Context context, String split, List<Kept> records, Projection projection)
                throws IOException, InterruptedException {
            return connector.reread(config, context, split, records, projection);
        }

        /** Whether the records of a split are JSON. */
        public boolean json(String split) {
            return connector.json(config, split);
        }
    }

    /**
     * A destination as a file names it.
     *
     * @param connector what makes it
     * @param config its settings
     */
    public record Into<C extends Record>(SinkConnector<C> connector, C config) {
        static <C extends Record> Into<C> of(SinkConnector<C> connector, Record config) {
            return new Into<>(connector, connector.config().cast(config));
        }

        List<SourceConnector.Problem> lint() {
            return connector.lint(config);
        }

        List<SourceConnector.Problem> check(
                TableShape shape, boolean evolving, SinkConnector.Context context, Consumer<String> foreseen)
                throws InterruptedException {
            return connector.check(config, shape, evolving, context, foreseen);
        }

        SinkConnector.Target target() {
            return connector.target(config);
        }

        /** Opens the destination. */
        public Sink open(SinkConnector.Context context) throws SinkException, InterruptedException {
            return connector.open(config, context);
        }
    }

    /**
     * When rows are committed: when either limit is reached, and at the end.
     *
     * @param every the longest time between a record's arrival and its commit
     * @param memory the most memory of rows that wait for their commit
     */
    @Doc("When a lane commits what it has: when either limit is reached, and at the end of the input.")
    public record Commit(
            @Doc(value = "The longest time that a record waits for its commit.", byDefault = "5s")
            Duration every,

            @Doc(
                    value = "The most memory that rows which wait for their commit may take, all lanes together.",
                    byDefault = "64MiB")
            ByteSize memory) {}
}
