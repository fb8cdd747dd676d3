package io.millrace.server;

import io.millrace.api.SinkException;
import io.millrace.api.SinkUnavailableException;
import io.millrace.connectors.postgres.Audit;
import io.millrace.connectors.postgres.PostgresConfig;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.engine.live.Repeating;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.server.ops.Balance;
import io.millrace.server.ops.Notice;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks the books of the pipelines again and again, and tells when they do not balance any more and when they do again.
 *
 * <p>It must not cost what it looks after: one database is asked at a time, no statement may take longer than ten
 * seconds, and what takes long is asked seldom. Thread-safe.
 */
final class Auditor implements AutoCloseable {

    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration BOOKS_EVERY = Duration.ofMinutes(1);
    private static final Duration TABLE_EVERY = Duration.ofMinutes(10);

    /** A transaction that is open for long keeps the database from tidying up; and closing the server waits for it. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** A check takes one part of so many of the time. */
    private static final int SHARE = 100;

    private final Path home;
    private final Map<String, String> environment;
    private final Supplier<List<Pipeline>> pipelines;
    private final InstantSource clock;
    private final Consumer<Notice> told;
    private final Repeating repeating;

    /** By the URL that the pipeline file gives; empty for the usual database. Guarded by this. */
    private final Map<String, PostgresDestination> destinations = new HashMap<>();

    /** By the name of the pipeline. Guarded by this. */
    private final Map<String, Books> books = new HashMap<>();

    private volatile Map<String, Balance> balances = Map.of();

    /** One check, and what came of it last. */
    private static final class Check {
        private final Audit.Part part;
        private final Duration every;
        private long due = System.nanoTime();
        private List<String> faults = List.of();
        private @Nullable Instant checked;

        private Check(Audit.Part part, Duration every) {
            this.part = part;
            this.every = every;
        }
    }

    /** Those of one pipeline. */
    private static final class Books {
        private final Check ledger = new Check(Audit.Part.LEDGER, BOOKS_EVERY);
        private final Check quarantine = new Check(Audit.Part.QUARANTINE, BOOKS_EVERY);
        private final Check table = new Check(Audit.Part.TABLE, TABLE_EVERY);

        /** Whether it was told that they do not balance. */
        private boolean unbalanced;

        /** Whether it was told that not all of them are checked. */
        private boolean uncheckedTold;

        private List<Check> checks() {
            return List.of(ledger, quarantine, table);
        }

        private List<String> faults() {
            return checks().stream().flatMap(check -> check.faults.stream()).toList();
        }
    }

    /**
     * Begins with {@link #start}.
     *
     * @param pipelines those that run now
     * @param told hears of books that do not balance
     */
    Auditor(
            Path home,
            Map<String, String> environment,
            Supplier<List<Pipeline>> pipelines,
            InstantSource clock,
            Consumer<Notice> told) {
        this.home = home;
        this.environment = environment;
        this.pipelines = pipelines;
        this.clock = clock;
        this.told = told;
        this.repeating = new Repeating("auditor", LOOK, () -> look(false));
    }

    void start() {
        repeating.start();
    }

    /** What was found last, by the name of the pipeline; those that were not checked yet are left out. */
    Map<String, Balance> balances() {
        return balances;
    }

    /**
     * Checks what is due.
     *
     * @param all whether all is
     */
    synchronized void look(boolean all) throws InterruptedException {
        Map<String, Balance> found = new HashMap<>();
        List<String> names = new ArrayList<>();
        for (Pipeline pipeline : pipelines.get()) {
            if (pipeline.file().into().config() instanceof PostgresConfig config) {
                Books of = books.computeIfAbsent(pipeline.name(), name -> new Books());
                names.add(pipeline.name());
                String url = config.url();
                check(pipeline.name(), url == null ? "" : url, of, all);
                if (of.ledger.checked != null) {
                    found.put(pipeline.name(), new Balance(of.faults(), of.ledger.checked));
                }
            }
        }
        books.keySet().retainAll(names);
        balances = Map.copyOf(found);
    }

    private void check(String pipeline, String url, Books of, boolean all) throws InterruptedException {
        String unchecked = null;
        boolean checked = false;
        for (Check check : of.checks()) {
            long start = System.nanoTime();
            long wait = 0;
            if (!all && start - check.due < 0) {
                continue;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            checked = true;
            try {
                Optional<List<String>> faults = Audit.faults(destination(url), pipeline, check.part, LONGEST);
                if (faults.isPresent()) {
                    check.faults = faults.get();
                    check.checked = clock.instant();
                    wait = (System.nanoTime() - start) * SHARE;
                } else {
                    wait = LONGEST.toNanos() * SHARE;
                    unchecked = "its " + check.part.name().toLowerCase(Locale.ROOT) + " is too large to be checked in "
                            + LONGEST.toSeconds() + " s";
                }
            } catch (SinkUnavailableException e) {
                // The pipeline itself waits for the destination, and says so.
                checked = false;
            } catch (SinkException e) {
                unchecked = String.valueOf(e.getMessage());
            }
            // What is wrong is looked at more often, so that its end is seen soon.
            Duration every = check.faults.isEmpty() ? check.every : BOOKS_EVERY;
            check.due = System.nanoTime() + Math.max(wait, every.toNanos());
        }
        if (checked) {
            tell(pipeline, of, unchecked);
        }
    }

    private void tell(String pipeline, Books of, @Nullable String unchecked) {
        List<String> faults = of.faults();
        if (faults.isEmpty() == of.unbalanced) {
            of.unbalanced = !faults.isEmpty();
            told.accept((faults.isEmpty()
                            ? Notice.info("ledger.balanced", "The books of pipeline " + pipeline + " balance again.")
                            : Notice.error(
                                    "ledger.unbalanced",
                                    "The books of pipeline " + pipeline + " do not balance: " + faults.getFirst()
                                            + (faults.size() > 1 ? "; and " + (faults.size() - 1) + " more" : "")
                                            + ". millrace ledger tells all."))
                    .of(pipeline));
        }
        if (unchecked != null && !of.uncheckedTold) {
            told.accept(Notice.warning(
                            "ledger.unchecked",
                            "Not all books of pipeline " + pipeline + " are checked while it runs: " + unchecked
                                    + ". millrace ledger takes its time.")
                    .of(pipeline));
            of.uncheckedTold = true;
        }
    }

    private PostgresDestination destination(String url) throws SinkException, InterruptedException {
        PostgresDestination there = destinations.get(url);
        if (there == null) {
            Map<String, String> settings = new HashMap<>(environment);
            if (!url.isEmpty()) {
                settings.put(PostgresDestination.URL_VARIABLE, url);
            }
            there = PostgresDestination.open(settings, home);
            destinations.put(url, there);
        }
        return there;
    }

    /** Waits for a statement that is under way, at most for as long as one may take. */
    @Override
    public void close() {
        repeating.close();
        synchronized (this) {
            destinations.values().forEach(PostgresDestination::close);
            destinations.clear();
        }
    }
}
