package io.millrace.cli.send;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A sending under test: the usual plan with some things changed, short waits, and what the listener was told. */
final class Trial implements SendListener, AutoCloseable {

    private static final int RECORD_BYTES = 1 << 20;

    private final URI target;
    private final List<Input> inputs = new ArrayList<>();
    private boolean single;
    private int batch = SendPlan.USUAL_BATCH_RECORDS;
    private int batchBytes = SendPlan.USUAL_BATCH_BYTES;
    private int parallel = SendPlan.USUAL_PARALLEL;
    private double rate;
    private boolean compress;
    private boolean watch;
    private boolean again;
    private @Nullable Path unsent;
    private @Nullable Duration giveUpAfter;
    private Duration timeout = Duration.ofSeconds(20);
    private TokenSource tokens = TokenSource.none();
    private Backoff backoff = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5));
    private @Nullable Http http;
    private @Nullable Sending sending;

    final List<String> retried = new CopyOnWriteArrayList<>();
    final List<Duration> waits = new CopyOnWriteArrayList<>();
    final List<String> notes = new CopyOnWriteArrayList<>();

    private Trial(URI target) {
        this.target = target;
    }

    static Trial to(URI target) {
        return new Trial(target);
    }

    static Trial to(ScriptedGateway gateway) {
        return new Trial(gateway.uri());
    }

    Trial file(Path file) {
        inputs.add(new Input.File(file));
        return this;
    }

    Trial input(Input input) {
        inputs.add(input);
        return this;
    }

    Trial single() {
        single = true;
        return this;
    }

    Trial batch(int records) {
        batch = records;
        return this;
    }

    Trial batchBytes(int bytes) {
        batchBytes = bytes;
        return this;
    }

    Trial parallel(int requests) {
        parallel = requests;
        return this;
    }

    Trial rate(double eventsPerSecond) {
        rate = eventsPerSecond;
        return this;
    }

    Trial compress() {
        compress = true;
        return this;
    }

    Trial watch() {
        watch = true;
        return this;
    }

    Trial again() {
        again = true;
        return this;
    }

    Trial unsent(Path file) {
        unsent = file;
        return this;
    }

    Trial giveUpAfter(Duration time) {
        giveUpAfter = time;
        return this;
    }

    Trial timeout(Duration time) {
        timeout = time;
        return this;
    }

    Trial tokens(TokenSource source) {
        tokens = source;
        return this;
    }

    Trial backoff(Duration first, Duration longest) {
        backoff = new Backoff(first, longest);
        return this;
    }

    Http http() throws IOException {
        if (http == null) {
            http = Http.open(null, timeout);
        }
        return http;
    }

    Sending sending() throws IOException {
        if (sending == null) {
            SendPlan plan = new SendPlan(
                    target,
                    single,
                    batch,
                    batchBytes,
                    parallel,
                    rate,
                    compress,
                    watch,
                    again,
                    unsent,
                    giveUpAfter,
                    timeout);
            sending = new Sending(
                    plan,
                    inputs,
                    http(),
                    tokens,
                    this,
                    new Sending.Surroundings(
                            backoff,
                            Duration.ofMillis(5),
                            Duration.ofMillis(100),
                            Duration.ofMillis(10),
                            RECORD_BYTES,
                            InstantSource.system(),
                            System::nanoTime,
                            RandomGenerator.getDefault()));
        }
        return sending;
    }

    /** Sends, and is done. */
    SendSummary run() throws IOException, InterruptedException {
        try (this) {
            return sending().run();
        }
    }

    /** Sends in another thread, until it ends by itself or is stopped. */
    CompletableFuture<SendSummary> start() throws IOException {
        Sending begun = sending();
        CompletableFuture<SendSummary> summary = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                summary.complete(begun.run());
            } catch (IOException | InterruptedException | RuntimeException e) {
                summary.completeExceptionally(e);
            }
        });
        return summary;
    }

    @Override
    public void retrying(String reason, Duration wait) {
        retried.add(reason);
        waits.add(wait);
    }

    @Override
    public void back() {
        notes.add("back");
    }

    @Override
    public void note(String message) {
        notes.add(message);
    }

    @Override
    public void close() {
        if (http != null) {
            http.close();
        }
    }
}
