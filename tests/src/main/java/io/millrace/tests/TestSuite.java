package io.millrace.tests;

import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.Loaded;
import io.millrace.engine.pipeline.Pipeline;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tests of one file, with the pipeline that they test. Immutable.
 *
 * @param path the test file
 * @param pipeline the pipeline, as it would be run
 * @param tests in the order of the file
 */
public record TestSuite(Path path, Pipeline pipeline, List<Test> tests) {

    /** What the names of test files end in. */
    public static final String SUFFIX = ".test.yaml";

    public TestSuite {
        tests = List.copyOf(tests);
    }

    /**
     * One test.
     *
     * @param says what the file says
     * @param line where it begins, from 1
     * @param records the bytes of each given record
     */
    public record Test(TestFile.Case says, int line, List<byte[]> records) {
        public Test {
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
        return switch (new PipelineLoader(connectors)
                .load(path.resolveSibling(file.pipeline()), file.parameters(), environment)) {
            case Loaded.Invalid invalid -> new Read.Invalid(invalid.problems());
            case Loaded.Ok(var pipeline) -> {
                List<Test> tests = new ArrayList<>();
                for (int i = 0; i < file.tests().size(); i++) {
                    String place = "tests[" + (i + 1) + "]";
                    TestFile.Case says = file.tests().get(i);
                    checkColumns(says, pipeline, problems);
                    List<byte[]> records = records(says, path, mapping.place(place + ".files"), problems);
                    Integer restart = says.restartAfter();
                    if (restart != null && restart >= records.size()) {
                        problems.add(
                                mapping.place(place + ".restart_after"),
                                "restart_after: expected fewer than the " + records.size() + " records that are given,"
                                        + " found " + restart);
                    }
                    tests.add(new Test(says, text.line(mapping.place(place)), records));
                }
                yield problems.isEmpty()
                        ? new Read.Ok(new TestSuite(path, pipeline, tests))
                        : new Read.Invalid(problems.sorted());
            }
        };
    }

    private static void checkColumns(TestFile.Case says, Pipeline pipeline, Problems problems) {
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

    private static List<byte[]> records(TestFile.Case says, Path path, int place, Problems problems) {
        List<byte[]> records = new ArrayList<>();
        for (Yaml given : says.given()) {
            if (given instanceof Yaml.Scalar scalar) {
                scalar.text().lines().forEach(line -> GivenJson.addLine(line, records));
            } else {
                GivenJson.addLine(GivenJson.of(given), records);
            }
        }
        for (Path file : says.files()) {
            @Nullable String unreadable = GivenJson.addFile(path.resolveSibling(file), records);
            if (unreadable != null) {
                problems.add(place, "files: " + unreadable);
            }
        }
        return records;
    }
}
