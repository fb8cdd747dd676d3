package io.millrace.engine.pipeline;

import io.millrace.api.Kept;
import io.millrace.api.Projection;
import io.millrace.api.Sink;
import io.millrace.api.SinkConnector;
import io.millrace.api.Source;
import io.millrace.api.SourceConnector;
import io.millrace.api.SourceException;
import io.millrace.api.SplitReader;
import io.millrace.api.TableShape;
import io.millrace.contract.ContractSchema;
import io.millrace.engine.run.Job;
import io.millrace.sql.DeclaredColumn;
import io.millrace.sql.TypeName;
import io.millrace.sql.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline that can run, as far as can be told without connecting to anything. Immutable.
 *
 * @param file what the pipeline file says, parameters resolved
 * @param path the file, absolute
 * @param plan what the query means
 * @param shape the table that it fills: a column for each of the plan's outputs, in their order
 * @param schema what every record must fit; null where there is no schema
 * @param dedupe how repeated records are known; null where all are loaded
 * @param lanes how many lanes to run side by side, at least 1
 */
public record Pipeline(
        PipelineFile file,
        Path path,
        Plan plan,
        TableShape shape,
        @Nullable ContractSchema schema,
        Job.@Nullable Dedupe dedupe,
        int lanes) {

    /** The name under which progress is kept. */
    public String name() {
        return file.pipeline();
    }

    /** The name of the table at the destination. */
    public String table() {
        return file.into().target().table();
    }

    /** The fields of a record that the query reads. */
    public Projection input() {
        return plan.input();
    }

    /**
     * The fields of records whose types are known, by the file or by the schema of the contract. Where there are none, every
     * name is a field.
     */
    public List<DeclaredColumn> declared() {
        return declared(
                file.columns().entrySet().stream()
                        .map(column -> {
                            TypeName name = TypeName.parse(column.getValue());
                            return new DeclaredColumn(column.getKey(), name.type(), name.nullable());
                        })
                        .toList(),
                schema);
    }

    /** Columns that a file declares, and those of a schema of which the file says nothing. */
    static List<DeclaredColumn> declared(List<DeclaredColumn> inFile, @Nullable ContractSchema schema) {
        if (schema == null) {
            return inFile;
        }
        List<DeclaredColumn> all = new ArrayList<>(inFile);
        schema.columns().stream()
                .filter(column -> inFile.stream().noneMatch(other -> overlap(other.path(), column.path())))
                .map(column -> new DeclaredColumn(column.path(), column.type(), column.nullable()))
                .forEach(all::add);
        return all;
    }

    /** Whether two paths are of the same field, or one is of a field in the other. */
    private static boolean overlap(String one, String other) {
        return one.equals(other) || one.startsWith(other + ".") || other.startsWith(one + ".");
    }

    /** What a run needs to load records by this pipeline. Source and sink are closed by whoever opened them. */
    public Job job(Source source, Sink sink, Job.@Nullable Following following) {
        return new Job(
                name(),
                plan,
                shape,
                contract(),
                dedupe,
                source,
                sink,
                lanes,
                new Job.CommitPolicy(commit().every(), commit().memory().bytes()),
                file.stopWhen(),
                following);
    }

    /** What every record must be like, beside what the plan says; null where that is nothing. */
    public Job.@Nullable Contract contract() {
        boolean drop = file.contract().onViolation() == PipelineFile.OnViolation.DROP;
        return schema == null && !drop ? null : new Job.Contract(schema, drop, evolve());
    }

    /** The fields that are known beside the schema, where others are to become columns; null where they are not. */
    private @Nullable Set<String> evolve() {
        return file.contract().additional() != PipelineFile.Additional.EVOLVE
                ? null
                : file.columns().keySet().stream()
                        .map(path -> path.indexOf('.') < 0 ? path : path.substring(0, path.indexOf('.')))
                        .collect(Collectors.toUnmodifiableSet());
    }

    public PipelineFile.Commit commit() {
        return file.commit();
    }

    /**
     * What stands in the way of a run at the source and at the destination, all of it. Connects and looks; creates and
     * changes nothing.
     *
     * @param home where Millrace keeps everything of its own
     * @param environment environment variables
     * @param foreseen takes what a run would alter of what is there at the destination, each a sentence
     * @return problems whose keys are paths in the pipeline file
     */
    public List<SourceConnector.Problem> check(Path home, Map<String, String> environment, Consumer<String> foreseen)
            throws InterruptedException {
        List<SourceConnector.Problem> problems = new ArrayList<>();
        String from = "from." + file.from().connector().name();
        for (SourceConnector.Problem problem : file.from().check(input(), context(home))) {
            problems.add(below(from, problem));
        }
        String into = "into." + file.into().connector().name();
        boolean evolving = evolve() != null;
        SinkConnector.Context context = new SinkConnector.Context(name(), home, environment);
        for (SourceConnector.Problem problem : file.into().check(shape, evolving, context, foreseen)) {
            problems.add(below(into, problem));
        }
        if (evolving && problems.isEmpty()) {
            foreseen.accept("fields that the schema does not name become columns of the table " + table()
                    + " when records have them");
        }
        return problems;
    }

    private static SourceConnector.Problem below(String settings, SourceConnector.Problem problem) {
        String key = problem.key().isEmpty() ? settings : settings + "." + problem.key();
        return new SourceConnector.Problem(key, problem.message());
    }

    /**
     * Opens the source; paths in its settings are relative to the folder of the pipeline file.
     *
     * @param home where Millrace keeps everything of its own
     */
    public Source openSource(Path home) throws SourceException {
        return file.from().open(context(home));
    }

    /** Reads records again that were kept aside, as {@link SourceConnector#reread} does. */
    public SplitReader reread(Path home, String split, List<Kept> records, Projection projection)
            throws IOException, InterruptedException {
        return file.from().reread(context(home), split, records, projection);
    }

    private SourceConnector.Context context(Path home) {
        Path folder = path.getParent();
        return new SourceConnector.Context(name(), folder == null ? path : folder, home);
    }
}
