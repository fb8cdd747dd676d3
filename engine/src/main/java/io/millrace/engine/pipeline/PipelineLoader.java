package io.millrace.engine.pipeline;

import io.millrace.api.Projection;
import io.millrace.api.RejectionLimit;
import io.millrace.api.SourceConnector;
import io.millrace.api.TableShape;
import io.millrace.api.Type;
import io.millrace.contract.ContractSchema;
import io.millrace.contract.ContractSchemaException;
import io.millrace.engine.pipeline.PipelineFile.From;
import io.millrace.engine.pipeline.PipelineFile.Into;
import io.millrace.engine.run.Job;
import io.millrace.engine.yaml.Binder;
import io.millrace.engine.yaml.Names;
import io.millrace.engine.yaml.Problem;
import io.millrace.engine.yaml.Problems;
import io.millrace.engine.yaml.ScalarType;
import io.millrace.engine.yaml.Secrets;
import io.millrace.engine.yaml.SourceKind;
import io.millrace.engine.yaml.SourceText;
import io.millrace.engine.yaml.Yaml;
import io.millrace.engine.yaml.YamlReader;
import io.millrace.engine.yaml.YamlText;
import io.millrace.sql.Branch;
import io.millrace.sql.Branches;
import io.millrace.sql.Compiled;
import io.millrace.sql.DeclaredColumn;
import io.millrace.sql.SqlCompiler;
import io.millrace.sql.SqlProblem;
import io.millrace.sql.TypeName;
import io.millrace.sql.plan.Plan;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pipeline file and checks all of it that can be checked without connecting to anything. Immutable and
 * thread-safe.
 */
public final class PipelineLoader {
    static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]*");
    static final int MAX_LANES = 1024;
    private static final Duration LEAST_WITHIN = Duration.ofSeconds(1);
    private static final Duration MOST_WITHIN = Duration.ofDays(3650);

    private final Connectors connectors;

    /** @param connectors those that files may name, usually {@link Connectors#installed()} */
    public PipelineLoader(Connectors connectors) {
        this.connectors = connectors;
    }

    /** Hears of the destination as soon as it is known, so that it can be opened while the query is compiled. */
    public interface Ahead {
        /**
         * Called at most once, and not where the file has been found wrong by then; it may still be.
         *
         * @param pipeline the name of the pipeline
         */
        void destination(String pipeline, Into<?> into);

        /**
         * Called at most once, where the query is sound; the rest of the file may not be.
         *
         * @param branches the ways through the query
         * @param inFile gives a branch its place in the file instead of that in the query
         */
        default void query(Branches branches, UnaryOperator<Branch> inFile) {}
    }

    /**
     * @param file the pipeline file
     * @param set values of parameters, by name; they win over the environment
     * @param environment environment variables
     */
    public Loaded load(Path file, Map<String, String> set, Map<String, String> environment) {
        return load(file, set, environment, (pipeline, into) -> {});
    }

    /** As {@link #load(Path, Map, Map)}, for one who will open the destination. */
    public Loaded load(Path file, Map<String, String> set, Map<String, String> environment, Ahead ahead) {
        List<Problem> unreadable = new ArrayList<>();
        SourceText source = YamlText.read(file, SourceKind.PIPELINE, unreadable::add);
        if (source == null) {
            return new Loaded.Invalid(unreadable, Set.of());
        }
        return check(source, file, set, environment, ahead);
    }

    Loaded check(SourceText source, Path file, Map<String, String> set, Map<String, String> environment, Ahead ahead) {
        Problems problems = new Problems(source);
        Yaml root = YamlReader.read(source, problems);
        if (root instanceof Yaml.Mapping mapping) {
            Check check = new Check(source, problems, mapping, set, environment);
            Pipeline pipeline = check.pipeline(file.toAbsolutePath().normalize(), ahead);
            return pipeline != null ? new Loaded.Ok(pipeline) : new Loaded.Invalid(problems.sorted(), check.schemas);
        } else if (root != null) {
            problems.add(
                    root.offset(),
                    "expected keys such as \"pipeline\", \"from\", \"transform\" and \"into\", found " + root.kind());
        }
        return new Loaded.Invalid(problems.sorted(), Set.of());
    }

    /** The check of one file. */
    private final class Check {
        private final Problems problems;
        private final Secrets secrets = new Secrets();
        private final Yaml.Mapping root;
        private final @Nullable Query query;
        private final Map<String, @Nullable Object> bound;
        private final Set<Path> schemas = new HashSet<>();

        Check(
                SourceText source,
                Problems problems,
                Yaml.Mapping written,
                Map<String, String> set,
                Map<String, String> environment) {
            this.problems = problems;
            Parameters parameters = new Parameters(source, problems, set, environment, secrets, written);
            this.root = parameters.resolve(written);
            Yaml.Entry transform = root.entry("transform");
            this.query = transform != null && transform.value() instanceof Yaml.Scalar sql && !sql.isNull()
                    ? parameters.query(sql)
                    : null;
            parameters.unused();
            this.bound = new Binder(problems, new PipelineVocabulary(connectors), secrets)
                    .components(PipelineFile.class, root, "");
        }

        /** The pipeline, or null where there is a problem. Every check that can be made is made. */
        @Nullable
        Pipeline pipeline(Path file, Ahead ahead) {
            String name = (String) bound.get("pipeline");
            if (name != null && !NAME.matcher(name).matches()) {
                tell(
                        "pipeline",
                        "pipeline: a name has lower-case letters, digits, \"-\" and \"_\" and begins with a letter or a"
                                + " digit, found " + found("pipeline"));
            }
            Integer lanes = (Integer) bound.get("lanes");
            if (lanes != null && (lanes < 1 || lanes > MAX_LANES)) {
                tell("lanes", "lanes: expected a whole number from 1 to " + MAX_LANES + ", found " + found("lanes"));
            }
            From<?> from = (From<?>) bound.get("from");
            if (from != null) {
                tellAll("from." + from.connector().name(), from.lint());
            }
            Into<?> into = (Into<?>) bound.get("into");
            if (into != null) {
                tellAll("into." + into.connector().name(), into.lint());
            }
            PipelineFile.Contract contract = (PipelineFile.Contract) bound.get("contract");
            if (contract != null
                    && contract.onViolation() == PipelineFile.OnViolation.REJECT
                    && from != null
                    && !from.connector().canRefuse()) {
                tell(
                        "contract.on_violation",
                        "contract.on_violation: nobody waits for an answer from the source \""
                                + from.connector().name() + "\": expected quarantine");
            }
            if (problems.isEmpty() && name != null && into != null) {
                ahead.destination(name, into);
            }
            ContractSchema schema = contract == null ? null : schema(contract, file);
            List<DeclaredColumn> declared = declared(schema);
            Plan plan = plan(declared, ahead);
            Job.Dedupe dedupe = dedupe(plan, declared, into);
            TableShape shape = plan == null || into == null ? null : shape(plan, from, into);
            if (contract != null && contract.additional() == PipelineFile.Additional.EVOLVE) {
                evolution(plan, into);
            }
            ServedPaths.check(serve(), shape, from, this::tell);
            if (!problems.isEmpty() || plan == null || shape == null || query == null) {
                return null;
            }
            return new Pipeline(
                    file(query),
                    file,
                    plan,
                    shape,
                    schema,
                    dedupe,
                    lanes == null ? Runtime.getRuntime().availableProcessors() : lanes);
        }

        private PipelineFile file(Query sql) {
            return new PipelineFile(
                    value("pipeline", String.class),
                    texts("parameters"),
                    value("from", From.class),
                    texts("columns"),
                    value("contract", PipelineFile.Contract.class),
                    (PipelineFile.Dedupe) bound.get("dedupe"),
                    sql.sql(),
                    value("into", Into.class),
                    (Integer) bound.get("lanes"),
                    value("commit", PipelineFile.Commit.class),
                    (RejectionLimit) bound.get("stopWhen"),
                    serve());
        }

        private List<PipelineFile.Serve> serve() {
            return bound.get("serve") instanceof List<?> served
                    ? served.stream().map(PipelineFile.Serve.class::cast).toList()
                    : List.of();
        }

        private <T> T value(String component, Class<T> type) {
            return type.cast(Objects.requireNonNull(bound.get(component), component));
        }

        private Map<String, String> texts(String component) {
            Map<String, String> texts = new LinkedHashMap<>();
            Map<?, ?> values = value(component, Map.class);
            for (Map.Entry<?, ?> entry : values.entrySet()) {
                texts.put((String) entry.getKey(), (String) entry.getValue());
            }
            return texts;
        }

        private @Nullable ContractSchema schema(PipelineFile.Contract contract, Path file) {
            Path schema = contract.schema();
            boolean strict = contract.additional() == PipelineFile.Additional.QUARANTINE;
            if (schema == null) {
                if (contract.additional() != PipelineFile.Additional.IGNORE) {
                    tell(
                            "contract.additional",
                            "contract.additional: only a schema tells which fields are known; give contract.schema, or"
                                    + " leave this out");
                }
                return null;
            }
            Path at = file.resolveSibling(schema).normalize();
            schemas.add(at);
            try {
                ContractSchema loaded = ContractSchema.load(
                        at,
                        Map.of(),
                        strict ? ContractSchema.UnknownFields.VIOLATION : ContractSchema.UnknownFields.ALLOWED);
                schemas.addAll(loaded.files());
                if (contract.additional() == PipelineFile.Additional.EVOLVE && !loaded.namesFields()) {
                    tell(
                            "contract.additional",
                            "contract.additional: the schema names no field, so that every field would become a column; name"
                                    + " those that the query reads under \"properties\"");
                }
                return loaded;
            } catch (NoSuchFileException e) {
                tell(
                        "contract.schema",
                        "contract.schema: there is no file " + secrets.hide(String.valueOf(e.getMessage())));
            } catch (IOException e) {
                tell("contract.schema", "contract.schema: " + secrets.hide(schema + " can't be read: " + e));
            } catch (ContractSchemaException e) {
                tell("contract.schema", "contract.schema: " + secrets.hide(String.valueOf(e.getMessage())));
            }
            return null;
        }

        /** Whether fields that the schema does not name can become columns of the table. */
        private void evolution(@Nullable Plan plan, @Nullable Into<?> into) {
            if (into != null && !into.connector().evolves()) {
                tell(
                        "contract.additional",
                        "contract.additional: the destination \""
                                + into.connector().name() + "\" adds no columns by itself:"
                                + " expected ignore or quarantine");
            }
            String why = plan == null
                    ? ""
                    : plan.grouped()
                            ? "the query has a GROUP BY, and a field of a record is no column of a total"
                            : plan.unnests().isEmpty()
                                    ? ""
                                    : "the query has an UNNEST, and a field of a record would be in the rows of all its"
                                            + " elements";
            if (!why.isEmpty()) {
                tell("contract.additional", "contract.additional: " + why + ": expected ignore or quarantine");
            }
        }

        private Job.@Nullable Dedupe dedupe(
                @Nullable Plan plan, @Nullable List<DeclaredColumn> declared, @Nullable Into<?> into) {
            if (!(bound.get("dedupe") instanceof PipelineFile.Dedupe dedupe)) {
                return null;
            }
            if (into != null && !into.connector().remembersKeys()) {
                tell("dedupe", "dedupe: the destination \"" + into.connector().name() + "\" remembers no keys");
            }
            if (dedupe.within().compareTo(LEAST_WITHIN) < 0 || dedupe.within().compareTo(MOST_WITHIN) > 0) {
                tell(
                        "dedupe.within",
                        "dedupe.within: expected 1s to " + MOST_WITHIN.toDays() + "d, found "
                                + ScalarType.written(dedupe.within()));
            }
            if (dedupe.key().isEmpty()) {
                tell("dedupe.key", "dedupe.key: expected at least one field");
            }
            if (plan == null || declared == null) {
                return null;
            }
            List<Projection.Field> fields = new ArrayList<>(plan.input().fields());
            List<Integer> key = new ArrayList<>();
            for (String path : dedupe.key()) {
                int at = indexOf(fields, path);
                if (at >= 0 && key.contains(at)) {
                    tell("dedupe.key", "dedupe.key: \"" + path + "\" is there twice");
                    continue;
                }
                Projection.Field field = at >= 0 ? fields.get(at) : keyField(path, declared);
                if (field == null) {
                    continue;
                }
                if (field.type().equals(Type.JSON) || field.type() instanceof Type.Array) {
                    tell(
                            "dedupe.key",
                            "dedupe.key: \"" + path + "\" is " + field.type().sql()
                                    + ", and a list or JSON can't be told equal for certain: name scalars");
                    continue;
                }
                if (at < 0) {
                    at = fields.size();
                    fields.add(field);
                }
                key.add(at);
            }
            return new Job.Dedupe(new Projection(fields), key, dedupe.within());
        }

        private static int indexOf(List<Projection.Field> fields, String path) {
            for (int i = 0; i < fields.size(); i++) {
                if (fields.get(i).name().equals(path)) {
                    return i;
                }
            }
            return -1;
        }

        /** A field that the query does not read; null where there is none. */
        private Projection.@Nullable Field keyField(String path, List<DeclaredColumn> declared) {
            List<String> names = List.of(path.split("\\.", -1));
            for (DeclaredColumn column : declared) {
                if (column.path().equals(path)) {
                    return new Projection.Field(names, column.type(), true, false);
                }
            }
            if (declared.isEmpty() && names.stream().noneMatch(String::isEmpty)) {
                return new Projection.Field(names, Type.VARCHAR, true, true);
            }
            List<String> known = declared.stream().map(DeclaredColumn::path).toList();
            tell("dedupe.key", "dedupe.key: there is no field \"" + path + "\"" + Names.hint(path, known));
            return null;
        }

        private @Nullable Plan plan(@Nullable List<DeclaredColumn> declared, Ahead ahead) {
            if (query == null || declared == null) {
                return null;
            }
            return switch (SqlCompiler.compile(query.sql(), declared)) {
                case Compiled.Ok(Plan plan, var branches) -> {
                    ahead.query(branches, branch -> inFile(query, branch));
                    yield plan;
                }
                case Compiled.Refused(List<SqlProblem> refused) -> {
                    for (SqlProblem problem : refused) {
                        refused(query, problem);
                    }
                    yield null;
                }
            };
        }

        private Branch inFile(Query sql, Branch branch) {
            int offset = sql.place(branch.line(), branch.column());
            SourceText source = problems.sourceAt(offset);
            return new Branch(source.line(offset), source.column(offset), secrets.hide(branch.what()));
        }

        private void refused(Query sql, SqlProblem problem) {
            String secret = sql.secretAt(problem.line(), problem.column());
            problems.add(
                    sql.place(problem.line(), problem.column()),
                    secret.isEmpty()
                            ? secrets.hide(problem.message())
                            : "the value of ${" + secret + "}, which comes from the environment and is not shown, makes"
                                    + " the query invalid here");
        }

        /** The columns whose types the file gives; null where one is wrong. */
        private @Nullable List<DeclaredColumn> declared(@Nullable ContractSchema schema) {
            if (!bound.containsKey("columns")) {
                return null;
            }
            List<DeclaredColumn> declared = new ArrayList<>();
            int before = problems.size();
            Yaml.Entry columns = root.entry("columns");
            List<Yaml.Entry> entries =
                    columns != null && columns.value() instanceof Yaml.Mapping mapping ? mapping.entries() : List.of();
            for (Yaml.Entry entry : entries) {
                String path = entry.key().text();
                Yaml.Scalar type = (Yaml.Scalar) entry.value();
                if (path.isEmpty() || path.startsWith(".") || path.endsWith(".") || path.contains("..")) {
                    problems.add(
                            entry.key().offset(),
                            "columns: expected the name of a field, or names with a point between, found \"" + path
                                    + "\"");
                }
                try {
                    TypeName name = TypeName.parse(type.text());
                    declared.add(new DeclaredColumn(path, name.type(), name.nullable()));
                } catch (IllegalArgumentException e) {
                    String message = String.valueOf(e.getMessage());
                    problems.add(type.offset(), "columns." + path + ": " + secrets.hide(message));
                }
            }
            return problems.size() > before ? null : Pipeline.declared(declared, schema);
        }

        private TableShape shape(Plan plan, @Nullable From<?> from, Into<?> into) {
            String settings = "into." + into.connector().name();
            boolean keysMaySpanSplits = from != null && from.keysMaySpanSplits();
            return TableShapes.of(plan, into.target(), keysMaySpanSplits, (key, message) -> {
                if (key.isEmpty()) {
                    tell("transform", message);
                } else {
                    tell(settings + "." + key, settings + "." + key + ": " + secrets.hide(message));
                }
            });
        }

        private void tellAll(String settings, List<SourceConnector.Problem> found) {
            for (SourceConnector.Problem problem : found) {
                String path = problem.key().isEmpty() ? settings : settings + "." + problem.key();
                tell(path, path + ": " + secrets.hide(problem.message()));
            }
        }

        private void tell(String path, String message) {
            problems.add(root.place(path), message);
        }

        private String found(String key) {
            Yaml.Entry entry = root.entry(key);
            return entry == null ? "nothing" : entry.value().kind();
        }
    }
}
