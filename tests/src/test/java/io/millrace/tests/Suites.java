package io.millrace.tests;

import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.yaml.Problem;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Reads and runs test files. */
final class Suites {

    private Suites() {}

    static TestSuite suite(Path file) {
        return switch (TestSuite.read(file, Connectors.installed(), Map.of())) {
            case TestSuite.Read.Ok(TestSuite suite) -> suite;
            case TestSuite.Read.Invalid(List<Problem> problems) -> throw new AssertionError(problems);
        };
    }

    static List<TestResult> run(Path file) throws InterruptedException {
        return run(suite(file), TestRunner.Options.ALL);
    }

    static List<TestResult> run(TestSuite suite, TestRunner.Options options) throws InterruptedException {
        return new TestRunner(options, new Random(1), InstantSource.system()).run(suite);
    }

    /** What is wrong with a file, a line for each. */
    static String problems(Path file) {
        return switch (TestSuite.read(file, Connectors.installed(), Map.of())) {
            case TestSuite.Read.Ok ok -> "nothing is wrong with " + file;
            case TestSuite.Read.Invalid(List<Problem> problems) ->
                problems.stream().map(Problem::render).collect(Collectors.joining("\n"));
        };
    }
}
