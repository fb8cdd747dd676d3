package io.millrace.cli;

import io.millrace.cli.output.Figures;
import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.yaml.Problem;
import io.millrace.sql.Branch;
import io.millrace.tests.Coverage;
import io.millrace.tests.JUnitReport;
import io.millrace.tests.TestResult;
import io.millrace.tests.TestRunner;
import io.millrace.tests.TestSuite;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.xml.stream.XMLStreamException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace test}. */
final class TestCommand implements Command {

    private static final String ONLY = "--only";
    private static final String SEED = "--seed";
    private static final String JUNIT = "--junit";
    private static final String COVERAGE = "--coverage";
    private static final String MIN_COVERAGE = "--min-coverage";

    private final Terminal terminal;
    private final Map<String, String> environment;

    TestCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        return Command.spec("Runs the tests of pipelines, in memory: nothing is started or connected to.")
                .addOption(Command.option(
                        ONLY, String.class, "TEXT", "Runs only the tests whose names have this in them."))
                .addOption(Command.option(
                        SEED, Long.class, "N", "Shuffles as a run did that printed this seed, where a test shuffles."))
                .addOption(Command.option(JUNIT, Path.class, "FILE", "Writes a report for build servers too."))
                .addOption(OptionSpec.builder(COVERAGE)
                        .description("Lists all branches of the queries, those that were reached too.")
                        .build())
                .addOption(Command.option(
                        MIN_COVERAGE,
                        Integer.class,
                        "PERCENT",
                        "Fails where less of the branches of a query is reached."))
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("FOLDER|FILE")
                        .arity("0..*")
                        .type(List.class)
                        .auxiliaryTypes(Path.class)
                        .description("Files of tests, or folders with files called *.test.yaml (the working folder).")
                        .build());
    }

    @Override
    public int run(ParseResult given) throws UserException, IOException, InterruptedException {
        int least = given.matchedOptionValue(MIN_COVERAGE, 0);
        if (least < 0 || least > 100) {
            throw UserException.usage(MIN_COVERAGE + ": expected 0 to 100, found " + least);
        }
        String only = given.matchedOptionValue(ONLY, null);
        TestRunner runner = new TestRunner(
                new TestRunner.Options(only, given.matchedOptionValue(SEED, null)),
                RandomGenerator.getDefault(),
                InstantSource.system());
        Connectors connectors = Connectors.installed();
        Map<Path, List<Problem>> unusable = new LinkedHashMap<>();
        List<TestResult> results = new ArrayList<>();
        List<Coverage> coverage = new ArrayList<>();
        for (Path file : files(given)) {
            switch (TestSuite.read(file, connectors, environment)) {
                case TestSuite.Read.Ok(TestSuite suite) -> {
                    List<TestResult> run = runner.run(suite);
                    run.forEach(this::print);
                    results.addAll(run);
                    if (!run.isEmpty()) {
                        coverage.add(suite.coverage());
                    }
                }
                case TestSuite.Read.Invalid(List<Problem> found) -> unusable.put(file, found);
            }
        }
        if (results.isEmpty() && unusable.isEmpty()) {
            throw UserException.usage("no test has '" + only + "' in its name");
        }
        boolean covered = true;
        for (Coverage one : Coverage.together(coverage)) {
            covered &= print(one, given.hasMatchedOption(COVERAGE), least);
        }
        long failed = results.stream().filter(result -> !result.passed()).count();
        terminal.out().println(Figures.count(results.size(), "test") + ", " + failed + " failed");
        Path report = given.matchedOptionValue(JUNIT, null);
        if (report != null) {
            write(report, results, unusable);
        }
        if (!unusable.isEmpty()) {
            Set<Problem> each = new LinkedHashSet<>();
            unusable.values().forEach(each::addAll);
            PipelineProblems.print(List.copyOf(each), terminal);
            return ExitCode.USAGE;
        }
        return failed > 0 || !covered ? ExitCode.FAILED : ExitCode.DONE;
    }

    private static List<Path> files(ParseResult given) throws UserException, IOException {
        List<Path> starts = given.matchedPositionalValue(0, List.of(Path.of("")));
        Set<Path> files = new LinkedHashSet<>();
        for (Path start : starts) {
            List<Path> found = TestSuite.find(start);
            if (found.isEmpty()) {
                throw UserException.usage("there is no file called *" + TestSuite.SUFFIX + " in "
                        + (start.toString().isEmpty() ? "the working folder" : start));
            }
            files.addAll(found);
        }
        return List.copyOf(files);
    }

    private void print(TestResult result) {
        terminal.out()
                .println((result.passed() ? "pass  " : "FAIL  ") + result.file() + ":" + result.line() + "  "
                        + result.name() + (result.seed() == null ? "" : " (seed " + result.seed() + ")"));
        result.failure().forEach(line -> terminal.out().println("      " + line));
    }

    /** Whether enough is reached. */
    private boolean print(Coverage coverage, boolean all, int least) {
        boolean enough = coverage.percent() >= least;
        terminal.out()
                .println("coverage of " + coverage.pipeline() + ": " + coverage.percent() + " %, "
                        + coverage.reached().size() + " of "
                        + (coverage.branches().size() == 1
                                ? "1 branch"
                                : coverage.branches().size() + " branches")
                        + (enough ? "" : "; " + least + " % are wanted"));
        for (Branch branch : all ? coverage.branches() : coverage.missed()) {
            boolean reached = coverage.reached().contains(branch);
            terminal.out()
                    .println("      " + (reached ? "reached  " : "missed   ") + coverage.pipeline() + ":"
                            + branch.line() + ":" + branch.column() + "  " + branch.what());
        }
        return enough;
    }

    private static void write(Path report, List<TestResult> results, Map<Path, List<Problem>> unusable)
            throws IOException {
        try (Writer out = Files.newBufferedWriter(report)) {
            JUnitReport.write(results, unusable, out);
        } catch (XMLStreamException e) {
            throw new IOException(report + " can't be written: " + e.getMessage(), e);
        }
    }
}
