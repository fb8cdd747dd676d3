package io.millrace.tests;

import io.millrace.api.Quarantine;
import io.millrace.api.RejectionLimit;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.connectors.memory.MemoryDatabase;
import io.millrace.connectors.memory.MemoryTable;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.run.Job;
import io.millrace.engine.run.Run;
import io.millrace.engine.run.RunListener;
import io.millrace.engine.run.RunSummary;
import io.millrace.engine.yaml.Names;
import io.millrace.engine.yaml.Yaml;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Runs tests with the engine as it is. Thread-safe where its random generator is. */
public final class TestRunner {

    private static final long MEMORY_BYTES = 64L << 20;
    private static final long SEEDS = 1_000_000;

    private final Options options;
    private final RandomGenerator random;
    private final InstantSource clock;

    /**
     * What to run, and how.
     *
     * @param only a part of the names of the tests to run, whatever its case; null for all
     * @param seed shuffles the records of all tests that ask for it; null for those that the tests give, or any
     */
    public record Options(@Nullable String only, @Nullable Long seed) {
        public static final Options ALL = new Options(null, null);
    }

    /**
     * @param random draws seeds for tests that shuffle and give none
     * @param clock tells the time at which records are received, where a test does not
     */
    public TestRunner(Options options, RandomGenerator random, InstantSource clock) {
        this.options = options;
        this.random = random;
        this.clock = clock;
    }

    /** Runs the tests of a file one after the other. */
    public List<TestResult> run(TestSuite suite) throws InterruptedException {
        List<TestResult> results = new ArrayList<>();
        for (TestSuite.Test test : suite.tests()) {
            if (wanted(test.says().name())) {
                results.add(run(suite, test));
            }
        }
        return results;
    }

    private boolean wanted(String name) {
        String only = options.only();
        return only == null || name.toLowerCase(Locale.ROOT).contains(only.toLowerCase(Locale.ROOT));
    }

    private TestResult run(TestSuite suite, TestSuite.Test test) throws InterruptedException {
        long start = System.nanoTime();
        TestFile.Case says = test.says();
        Long seed = says.shuffle() ? seed(says) : null;
        List<Given> records = new ArrayList<>(test.records());
        if (seed != null) {
            Collections.shuffle(records, new Random(seed));
        }
        Instant at = says.at() == null ? suite.file().at() : says.at();
        List<String> failure;
        try {
            failure = new OneTest(suite, says, records, at == null ? clock : InstantSource.fixed(at)).differences();
        } catch (SinkException | IOException e) {
            failure = String.valueOf(e.getMessage()).lines().toList();
        }
        return new TestResult(
                suite.path(), test.line(), says.name(), Duration.ofNanos(System.nanoTime() - start), seed, failure);
    }

    private long seed(TestFile.Case says) {
        Long told = options.seed() == null ? says.seed() : options.seed();
        return told == null ? random.nextLong(SEEDS) : told;
    }

    /** One test on an empty database. */
    private final class OneTest {
        private final MemoryDatabase database = new MemoryDatabase();
        private final TestSuite suite;
        private final Pipeline pipeline;
        private final TestFile.Case says;
        private final List<Given> records;
        private final InstantSource time;

        OneTest(TestSuite suite, TestFile.Case says, List<Given> records, InstantSource time) {
            this.suite = suite;
            this.pipeline = suite.pipeline();
            this.says = says;
            this.records = records;
            this.time = time;
        }

        List<String> differences() throws SinkException, IOException, InterruptedException {
            Integer restart = says.restartAfter();
            String halt = restart == null ? null : killed(restart);
            GivenSource source = new GivenSource(records, says.parallel(), 0);
            List<String> failure = new ArrayList<>();
            if (halt == null) {
                RunSummary summary = execute(source, "run");
                failure.addAll(summary.failures());
                halt = summary.halt();
            }
            if (says.stops() != (halt != null)) {
                failure.add(halt == null ? notStopped() : halt);
            }

            List<Map<String, Yaml>> expected = says.expect();
            if (expected != null) {
                MemoryTable table = database.table(pipeline.table()).orElseThrow();
                List<String> known = table.columns().stream()
                        .map(MemoryTable.TableColumn::name)
                        .toList();
                List<String> unknown = expected.stream()
                        .flatMap(row -> row.keySet().stream())
                        .distinct()
                        .filter(column -> !known.contains(column))
                        .toList();
                List<String> rows = unknown.isEmpty()
                        ? new RowDiff(table, pipeline.shape()).lines(expected)
                        : unknown.stream()
                                .map(column -> "there is no column \"" + column + "\"" + Names.hint(column, known))
                                .toList();
                if (!rows.isEmpty()) {
                    failure.add("rows of " + pipeline.table() + ":");
                    failure.addAll(rows);
                }
            }
            failure.addAll(QuarantineDiff.lines(says.quarantine(), found(source)));
            long received = database.ledger(pipeline.name()).stream()
                    .mapToLong(entry -> entry.counts().received())
                    .sum();
            if (halt == null && received != records.size()) {
                failure.add("the ledger has " + received + " records, and " + records.size() + " were given");
            }
            return failure;
        }

        private String notStopped() {
            RejectionLimit limit = pipeline.file().stopWhen();
            return limit == null
                    ? "the pipeline was to be stopped, and has no stop_when"
                    : "the pipeline was not stopped by stop_when (" + limit + ")";
        }

        private List<QuarantineDiff.Found> found(GivenSource source) {
            List<QuarantineDiff.Found> found = new ArrayList<>();
            for (Quarantine.Entry one : database.quarantine(pipeline.name())) {
                int number = source.number(one.split(), one.rejection().position());
                found.add(new QuarantineDiff.Found(number, one.rejection()));
            }
            return found;
        }

        /** Why the run was halted before it could be killed; null where it was killed, or had nothing more to read. */
        private @Nullable String killed(int after) throws SinkException, IOException, InterruptedException {
            try {
                return execute(new GivenSource(records, says.parallel(), after), "killed")
                        .halt();
            } catch (RuntimeException e) {
                Throwable cause = e;
                while (cause.getCause() != null) {
                    cause = cause.getCause();
                }
                if (!(cause instanceof GivenSource.Killed)) {
                    throw e;
                }
                return null;
            }
        }

        private RunSummary execute(GivenSource source, String id)
                throws SinkException, IOException, InterruptedException {
            try (Sink sink = database.open(pipeline.name(), pipeline.table())) {
                sink.prepare(pipeline.shape());
                Job job = new Job(
                        pipeline.name(),
                        suite.watch().plan(),
                        pipeline.shape(),
                        pipeline.contract(),
                        pipeline.dedupe(),
                        source,
                        sink,
                        says.parallel(),
                        new Job.CommitPolicy(Duration.ZERO, MEMORY_BYTES),
                        pipeline.file().stopWhen(),
                        null);
                return new Run(job, id, RunListener.NONE, time, random).execute();
            }
        }
    }
}
