package io.millrace.tests;

import io.millrace.api.Quarantine;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.connectors.memory.MemoryDatabase;
import io.millrace.connectors.memory.MemoryTable;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.run.Job;
import io.millrace.engine.run.Run;
import io.millrace.engine.run.RunListener;
import io.millrace.engine.yaml.Yaml;
import io.millrace.tests.GivenSource.Numbered;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Runs tests with the engine as it is. Thread-safe where its random generator is. */
public final class TestRunner {

    private static final long MEMORY_BYTES = 64L << 20;

    private final RandomGenerator random;
    private final InstantSource clock;

    /**
     * @param random draws seeds for tests that shuffle and give none
     * @param clock tells the time at which records are received
     */
    public TestRunner(RandomGenerator random, InstantSource clock) {
        this.random = random;
        this.clock = clock;
    }

    /** Runs the tests of a file one after the other. */
    public List<TestResult> run(TestSuite suite) throws InterruptedException {
        List<TestResult> results = new ArrayList<>();
        for (TestSuite.Test test : suite.tests()) {
            long start = System.nanoTime();
            TestFile.Case says = test.says();
            Long given = says.seed();
            Long seed = !says.shuffle() ? null : given == null ? (Long) random.nextLong(1_000_000) : given;
            List<Numbered> records = new ArrayList<>();
            for (byte[] record : test.records()) {
                records.add(new Numbered(records.size() + 1, record));
            }
            if (seed != null) {
                Collections.shuffle(records, new Random(seed));
            }
            List<String> failure;
            try {
                failure = differences(suite.pipeline(), says, records);
            } catch (SinkException | IOException e) {
                failure = String.valueOf(e.getMessage()).lines().toList();
            }
            results.add(new TestResult(
                    suite.path(),
                    test.line(),
                    says.name(),
                    Duration.ofNanos(System.nanoTime() - start),
                    seed,
                    failure));
        }
        return results;
    }

    private List<String> differences(Pipeline pipeline, TestFile.Case says, List<Numbered> records)
            throws SinkException, IOException, InterruptedException {
        MemoryDatabase database = new MemoryDatabase();
        Integer restart = says.restartAfter();
        if (restart != null) {
            killed(pipeline, database, says, records, restart);
        }
        execute(pipeline, database, new GivenSource(records, says.parallel(), 0), says, "run");

        List<String> failure = new ArrayList<>();
        List<Map<String, Yaml>> expected = says.expect();
        if (expected != null) {
            MemoryTable table = database.table(pipeline.table()).orElseThrow();
            List<String> rows = new RowDiff(table).lines(expected);
            if (!rows.isEmpty()) {
                failure.add("rows of " + pipeline.table() + " (- expected, + found):");
                failure.addAll(rows);
            }
        }
        quarantine(database.quarantine(pipeline.name()), says, failure);
        long received = database.ledger(pipeline.name()).stream()
                .mapToLong(entry -> entry.counts().received())
                .sum();
        if (received != records.size()) {
            failure.add("the ledger has " + received + " records, and " + records.size() + " were given");
        }
        return failure;
    }

    private void killed(
            Pipeline pipeline, MemoryDatabase database, TestFile.Case says, List<Numbered> records, int after)
            throws SinkException, IOException, InterruptedException {
        try {
            execute(pipeline, database, new GivenSource(records, says.parallel(), after), says, "killed");
        } catch (RuntimeException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            if (!(cause instanceof GivenSource.Killed)) {
                throw e;
            }
        }
    }

    private void execute(Pipeline pipeline, MemoryDatabase database, GivenSource source, TestFile.Case says, String id)
            throws SinkException, IOException, InterruptedException {
        try (Sink sink = database.open(pipeline.name(), pipeline.table())) {
            sink.prepare(pipeline.shape());
            Job job = new Job(
                    pipeline.name(),
                    pipeline.plan(),
                    pipeline.shape(),
                    source,
                    sink,
                    says.parallel(),
                    new Job.CommitPolicy(Duration.ZERO, MEMORY_BYTES),
                    null,
                    null);
            new Run(job, id, RunListener.NONE, clock, random).execute();
        }
    }

    private static void quarantine(List<Quarantine.Entry> found, TestFile.Case says, List<String> failure) {
        Pairing<TestFile.Refused, Quarantine.Entry> pairing = Pairing.of(
                says.quarantine(),
                found,
                (expected, one) -> expected.matches(
                        one.rejection().code(),
                        one.rejection().field(),
                        one.rejection().position()));
        if (pairing.complete()) {
            return;
        }
        failure.add("quarantine (- expected, + found):");
        for (TestFile.Refused missing : pairing.missing()) {
            failure.add("- " + (missing.record() == null ? "" : "record " + missing.record() + ": ") + missing.code()
                    + (missing.field() == null ? "" : " in " + missing.field()));
        }
        for (Quarantine.Entry one : pairing.unexpected()) {
            String field = one.rejection().field();
            failure.add("+ record " + one.rejection().position() + ": "
                    + one.rejection().code() + (field == null ? "" : " in " + field) + ": "
                    + one.rejection().message());
        }
    }
}
