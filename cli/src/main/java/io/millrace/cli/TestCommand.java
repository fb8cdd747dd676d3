package io.millrace.cli;

import io.millrace.cli.output.Figures;
import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.yaml.Problem;
import io.millrace.tests.TestResult;
import io.millrace.tests.TestRunner;
import io.millrace.tests.TestSuite;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace test}. */
final class TestCommand implements Command {

    private final Terminal terminal;
    private final Map<String, String> environment;

    TestCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        return Command.spec("Runs the tests of pipelines, in memory: nothing is started or connected to.")
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("FOLDER|FILE")
                        .arity("0..*")
                        .type(List.class)
                        .auxiliaryTypes(Path.class)
                        .description("Files of tests, or folders with files called *.test.yaml (the current folder).")
                        .build());
    }

    @Override
    public int run(ParseResult given) throws UserException, IOException, InterruptedException {
        List<Path> starts = given.matchedPositionalValue(0, List.of(Path.of("")));
        List<Path> files = new ArrayList<>();
        for (Path start : starts) {
            files.addAll(TestSuite.find(start));
        }
        if (files.isEmpty()) {
            throw UserException.usage("there is no file called *" + TestSuite.SUFFIX + " here");
        }
        TestRunner runner = new TestRunner(RandomGenerator.getDefault(), InstantSource.system());
        Connectors connectors = Connectors.installed();
        List<Problem> problems = new ArrayList<>();
        List<TestResult> results = new ArrayList<>();
        for (Path file : files) {
            switch (TestSuite.read(file, connectors, environment)) {
                case TestSuite.Read.Ok(TestSuite suite) -> results.addAll(runner.run(suite));
                case TestSuite.Read.Invalid(List<Problem> found) -> problems.addAll(found);
            }
        }
        results.forEach(this::print);
        long failed = results.stream().filter(result -> !result.passed()).count();
        terminal.out().println(Figures.count(results.size(), "test") + ", " + failed + " failed");
        if (!problems.isEmpty()) {
            PipelineProblems.print(problems, terminal);
            return ExitCode.USAGE;
        }
        return failed > 0 ? ExitCode.FAILED : ExitCode.DONE;
    }

    private void print(TestResult result) {
        terminal.out()
                .println((result.passed() ? "pass  " : "FAIL  ") + result.file() + ":" + result.line() + "  "
                        + result.name() + (result.seed() == null ? "" : " (seed " + result.seed() + ")"));
        result.failure().forEach(line -> terminal.out().println("      " + line));
    }
}
