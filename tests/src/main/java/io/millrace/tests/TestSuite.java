package io.millrace.tests;

import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.Loaded;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.pipeline.PipelineFile;
import io.millrace.engine.pipeline.PipelineFile.Into;
import io.millrace.engine.pipeline.PipelineLoader;
import io.millrace.engine.yaml.Binder;
import io.millrace.engine.yaml.Names;
import io.millrace.engine.yaml.Problem;
import io.millrace.engine.yaml.Problems;
import io.millrace.engine.yaml.Secrets;
import io.millrace.engine.yaml.SourceKind;
import io.millrace.engine.yaml.SourceText;
import io.millrace.engine.yaml.Vocabulary;
import io.millrace.engine.yaml.Yaml;
import io.millrace.engine.yaml.YamlReader;
import io.millrace.engine.yaml.YamlText;
import io.millrace.sql.Branch;
import io.millrace.sql.Branches;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tests of one file, with the pipeline that they test. It remembers what they have reached; not thread-safe. */
public final class TestSuite {

    /** What the names of test files end in. */
    public static final String SUFFIX = ".test.yaml";

    private final Path path;
    private final TestFile file;
    private final Pipeline pipeline;
    private final Coverage.Watch watch;
    private final List<Test> tests;

    private TestSuite(Path path, TestFile file, Pipeline pipeline, Coverage.Watch watch, List<Test> tests) {
        this.path = path;
        this.file = file;
        this.pipeline = pipeline;
        this.watch = watch;
        this.tests = tests;
    }

    /**
     * One test.
     *
     * @param says what the file says
     * @param line where it begins, from 1
     * @param records what is given, in order
     */
    record Test(TestFile.Case says, int line, List<Given> records) {
        Test {
            records = List.copyOf(records);
        }
    }

    /** What came of reading a test file. */
    public sealed interface Read {
        /** Tests that can be run. */
        record Ok(TestSuite suite) implements Read {}

        /** All that is wrong with the test file, or with its pipeline file; at least one. */
        record Invalid(List<Problem> problems) implements Read {
            public Invalid {
                problems = List.copyOf(problems);
            }
        }
    }

    Path path() {
        return path;
    }

    TestFile file() {
        return file;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    Coverage.Watch watch() {
        return watch;
    }

    List<Test> tests() {
        return tests;
    }

    /** What those of its tests that were run have reached. */
    public Coverage coverage() {
        return watch.coverage(path.resolveSibling(file.pipeline()).normalize());
    }

    /** The test files in a folder and below, in the order of their names; a file is itself. */
    public static List<Path> find(Path start) throws IOException {
        if (!Files.isDirectory(start)) {
            return List.of(start);
        }
        try (Stream<Path> files = Files.walk(start)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX) && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Reads a test file and the pipeline that it names.
     *
     * @param connectors those that the pipeline file may name
     * @param environment environment variables, for the pipeline's parameters
     */
    public static Read read(Path path, Connectors connectors, Map<String, String> environment) {
        List<Problem> unreadable = new ArrayList<>();
        SourceText text = YamlText.read(path, SourceKind.TEST, unreadable::add);
        if (text == null) {
            return new Read.Invalid(unreadable);
        }
        Problems problems = new Problems(text);
        Yaml root = YamlReader.read(text, problems);
        TestFile file = root == null
                ? null
                : (TestFile) new Binder(problems, Vocabulary.PLAIN, new Secrets()).record(TestFile.class, root, "");
        if (file == null || !(root instanceof Yaml.Mapping mapping) || !problems.isEmpty()) {
            return new Read.Invalid(problems.sorted());
        }
        if (file.tests().isEmpty()) {
            problems.add(mapping.place("tests"), "tests: expected at least one test");
        }
        Watching watching = new Watching();
        return switch (new PipelineLoader(connectors)
                .load(path.resolveSibling(file.pipeline()), file.parameters(), environment, watching)) {
            case Loaded.Invalid invalid -> new Read.Invalid(invalid.problems());
            case Loaded.Ok(var pipeline) -> {
                List<Test> tests = new ArrayList<>();
                for (int i = 0; i < file.tests().size(); i++) {
                    tests.add(test(file, i, path, pipeline, mapping, text, problems));
                }
                yield problems.isEmpty()
                        ? new Read.Ok(new TestSuite(
                                path, file, pipeline, Objects.requireNonNull(watching.watch), List.copyOf(tests)))
                        : new Read.Invalid(problems.sorted());
            }
        };
    }

    /** Takes the branches of the query when it is compiled. */
    private static final class Watching implements PipelineLoader.Ahead {
        private Coverage.@Nullable Watch watch;

        @Override
        public void destination(String pipeline, Into<?> into) {
            // Tests have a destination of their own.
        }

        @Override
        public void query(Branches branches, UnaryOperator<Branch> inFile) {
            Branches.Watched query = branches.watch();
            watch = new Coverage.Watch(
                    query, query.branches().stream().map(inFile).toList());
        }
    }

    private static Test test(
            TestFile file,
            int index,
            Path path,
            Pipeline pipeline,
            Yaml.Mapping mapping,
            SourceText text,
            Problems problems) {
        String place = "tests[" + (index + 1) + "]";
        TestFile.Case says = file.tests().get(index);
        checkColumns(says, pipeline, problems);
        GivenRecords records = new GivenRecords(file.csv(), problems);
        says.given().forEach(records::add);
        says.files().forEach(given -> records.addFile(path.resolveSibling(given), mapping.place(place + ".files")));
        int given = records.all().size();
        Integer restart = says.restartAfter();
        if (restart != null && restart >= given) {
            problems.add(
                    mapping.place(place + ".restart_after"),
                    "restart_after: expected fewer than the " + given + " records that are given, found " + restart);
        }
        for (TestFile.Refused refused : says.quarantine()) {
            Integer record = refused.record();
            if (record != null && (record < 1 || record > given)) {
                problems.add(
                        mapping.place(place + ".quarantine"),
                        "quarantine: expected a record from 1 to the " + given + " that are given, found " + record);
            }
        }
        return new Test(says, text.line(mapping.place(place)), records.all());
    }

    /** Which columns a pipeline has that adds some by itself shows only when it has run. */
    private static void checkColumns(TestFile.Case says, Pipeline pipeline, Problems problems) {
        if (pipeline.file().contract().additional() == PipelineFile.Additional.EVOLVE) {
            return;
        }
        List<String> known = new ArrayList<>();
        pipeline.shape().columns().forEach(column -> known.add(column.name()));
        pipeline.shape().averages().forEach(average -> known.add(average.name()));
        List<Map<String, Yaml>> expected = says.expect();
        for (Map<String, Yaml> row : expected == null ? List.<Map<String, Yaml>>of() : expected) {
            row.forEach((column, value) -> {
                if (!known.contains(column)) {
                    problems.add(
                            value.offset(),
                            "expect: the table has no column \"" + column + "\"" + Names.hint(column, known));
                }
            });
        }
    }
}
