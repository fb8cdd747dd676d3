package io.millrace.cli.send;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Sends inputs to a gateway, once. One thread reads and cuts, one for each request sends. It holds so many batches as
 * requests may be under way, and a chunk of the input; never the whole of it.
 *
 * <p>{@link #run} is called once, by one thread; {@link #stop} and {@link #progress} by any, at any time.
 */
public final class Sending {

    private final SendPlan plan;
    private final List<Input> inputs;
    private final TokenSource tokens;
    private final AuthorizedHttp http;
    private final SendListener listener;
    private final Surroundings surroundings;

    private final StopSignal stop = new StopSignal();
    private final Tally tally = new Tally();
    private final Unsent unsent;
    private volatile long totalBytes = -1;

    /**
     * Time and chance, which tests control.
     *
     * @param backoff how long to wait before a request is tried again
     * @param pollEvery how often to look at followed files
     * @param quiet how long a replaced file must have been quiet
     * @param linger how long to wait for more of a stream before what is there is sent
     * @param recordBytes how long a record may be
     * @param nanoTime a clock as {@link System#nanoTime} is one
     */
    record Surroundings(
            Backoff backoff,
            Duration pollEvery,
            Duration quiet,
            Duration linger,
            int recordBytes,
            InstantSource clock,
            LongSupplier nanoTime,
            RandomGenerator random) {

        static Surroundings usual() {
            return new Surroundings(
                    Backoff.USUAL,
                    Duration.ofMillis(100),
                    FollowedFile.QUIET,
                    Duration.ofMillis(20),
                    8 << 20,
                    InstantSource.system(),
                    System::nanoTime,
                    RandomGenerator.getDefault());
        }
    }

    /**
     * Makes ready to send.
     *
     * @param inputs in the order in which they are sent
     * @param http is not closed
     */
    public Sending(SendPlan plan, List<Input> inputs, Http http, TokenSource tokens, SendListener listener) {
        this(plan, inputs, http, tokens, listener, Surroundings.usual());
    }

    Sending(
            SendPlan plan,
            List<Input> inputs,
            Http http,
            TokenSource tokens,
            SendListener listener,
            Surroundings surroundings) {
        this.plan = plan;
        this.inputs = List.copyOf(inputs);
        this.tokens = tokens;
        this.http = new AuthorizedHttp(http, tokens);
        this.listener = listener;
        this.surroundings = surroundings;
        this.unsent = new Unsent(plan.unsent());
    }

    /** Asks for an end: nothing more is read, what is under way is finished, what waits to be tried again is kept. */
    public void stop() {
        stop.give();
    }

    /** How far it has come. */
    public Progress progress() {
        SendSummary.Counts counts = tally.counts(unsent.events());
        return new Progress(
                counts.bytes(), totalBytes, counts.sent(), counts.refused(), counts.kept(), counts.retries());
    }

    /**
     * Sends everything, and returns when each event is taken or kept. With {@link SendPlan#watch} that is after
     * {@link #stop}.
     *
     * @throws IOException if an input can't be read, or no token can be had, before anything was sent
     */
    public SendSummary run() throws IOException, InterruptedException {
        totalBytes = look();
        try {
            tokens.token();
        } catch (TokenException e) {
            if (!e.passing()) {
                throw e;
            }
            // Asked again for each request, as long as it takes.
        }
        long start = surroundings.nanoTime().getAsLong();
        Dispatch dispatch = dispatch();
        try (dispatch) {
            read(dispatch);
        }
        try {
            unsent.close();
        } catch (IOException e) {
            dispatch.failed("what was kept may not all be on disk", e);
        }
        Duration elapsed = Duration.ofNanos(surroundings.nanoTime().getAsLong() - start);
        return new SendSummary(
                tally.counts(unsent.events()),
                unsent.kept(),
                dispatch.left(),
                dispatch.failures(),
                stop.isGiven(),
                tally.positions(),
                elapsed);
    }

    /**
     * Waits until the pipelines behind the gateway have taken all that was sent.
     *
     * @param limit how long to wait at most
     */
    public Verdict verify(SendSummary sent, Duration limit) throws InterruptedException {
        return new Verification(plan.target(), http, stop, surroundings.nanoTime()).await(sent, limit);
    }

    private Dispatch dispatch() {
        Delivery delivery = new Delivery(
                plan,
                new Gateway(http, plan.target(), surroundings.clock()),
                unsent,
                tally,
                listener,
                stop,
                surroundings.backoff(),
                surroundings.random(),
                surroundings.nanoTime());
        Pace pace = new Pace(plan.eventsPerSecond(), surroundings.nanoTime());
        return new Dispatch(delivery, unsent, pace, stop, plan.parallel(), surroundings.recordBytes());
    }

    /** Looks whether the inputs can be read, before anything is sent; returns how many bytes they have, -1 for unknown. */
    private long look() throws IOException {
        long total = 0;
        for (Input input : inputs) {
            switch (input) {
                case Input.Standard standard -> {
                    if (plan.watch()) {
                        throw new IOException("the standard input can't be followed; it is read to its end anyway");
                    }
                    total = -1;
                }
                case Input.File(Path path) -> {
                    // A file that is followed may come later.
                    if (plan.watch() && Files.notExists(path)) {
                        continue;
                    }
                    long size = size(path);
                    total = total < 0 || size < 0 ? -1 : total + size;
                }
            }
        }
        return plan.watch() ? -1 : total;
    }

    private long size(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + ": is a folder; give the names of files");
        }
        long size = Files.size(path);
        if (!Files.isReadable(path)) {
            throw new AccessDeniedException(path.toString());
        }
        if (Files.isRegularFile(path)) {
            return size;
        }
        if (plan.watch()) {
            throw new IOException(path + ": is no regular file, and can't be followed");
        }
        return -1;
    }

    private void read(Dispatch dispatch) throws InterruptedException {
        boolean read = false;
        try {
            if (plan.watch()) {
                follow(dispatch);
            } else {
                readAll(dispatch);
            }
            read = true;
        } finally {
            if (!read) {
                // Whoever waits for what is under way must not wait until a gateway is back.
                stop.give();
            }
        }
    }

    private void readAll(Dispatch dispatch) throws InterruptedException {
        for (Input input : inputs) {
            switch (input) {
                case Input.File(Path path) when Files.isRegularFile(path) -> readFile(path, dispatch);
                case Input.File(Path path) -> {
                    Origin origin = new Origin(path.toString(), chance(), UnsentFile.beside(path), false);
                    readStream(origin, () -> Files.newInputStream(path), dispatch);
                }
                case Input.Standard(var stream) -> {
                    Origin origin = new Origin("stdin", chance(), UnsentFile.beside(Path.of("stdin")), false);
                    readStream(origin, () -> stream, dispatch);
                }
            }
        }
    }

    private void readFile(Path path, Dispatch dispatch) throws InterruptedException {
        long next = 1;
        try {
            Origin origin = origin(path, plan.again());
            LineBatcher batcher = batcher(origin, dispatch);
            try (WholeInput file = WholeInput.open(path, tally)) {
                while (!stop.isGiven()) {
                    switch (file.next()) {
                        case Piece.Bytes(var bytes, int length) -> batcher.accept(bytes, length);
                        case Piece.Nothing nothing -> batcher.flush();
                        case Piece.End end -> {
                            batcher.finish();
                            return;
                        }
                    }
                    next = batcher.firstHeldLine();
                }
                dispatch.leave(origin, next);
            } catch (IOException e) {
                batcher.flush();
                next = batcher.firstHeldLine();
                throw e;
            }
        } catch (IOException e) {
            dispatch.failed(path + ", from line " + next + " on nothing was sent", e);
        }
    }

    private void readStream(Origin origin, StreamedInput.Opening opening, Dispatch dispatch)
            throws InterruptedException {
        LineBatcher batcher = batcher(origin, dispatch);
        StreamedInput stream = StreamedInput.start(origin.name(), opening, tally);
        try {
            try {
                boolean more = true;
                while (more) {
                    if (stop.isGiven()) {
                        stream.end();
                    }
                    switch (stream.next(surroundings.linger())) {
                        case Piece.Bytes(var bytes, int length) -> batcher.accept(bytes, length);
                        case Piece.Nothing nothing -> {
                            batcher.flush();
                            more = !stop.isGiven();
                        }
                        case Piece.End end -> more = false;
                    }
                }
            } finally {
                // What was read is gone from the stream: the beginning of a line too is sent, or kept.
                batcher.finish();
            }
        } catch (IOException e) {
            dispatch.failed(origin.name() + ", from line " + batcher.firstHeldLine() + " on nothing was sent", e);
        }
    }

    private void follow(Dispatch dispatch) throws InterruptedException {
        List<FollowedFile> files = new ArrayList<>();
        for (Input input : inputs) {
            if (input instanceof Input.File(Path path)) {
                files.add(new FollowedFile(
                        path,
                        (file, first) -> batcher(origin(file, plan.again() || !first), dispatch),
                        tally,
                        listener,
                        surroundings.quiet(),
                        surroundings.nanoTime()));
            }
        }
        try {
            while (!stop.isGiven() && !files.isEmpty()) {
                if (!poll(files, dispatch)) {
                    stop.await(surroundings.pollEvery());
                }
            }
        } finally {
            files.forEach(file -> end(file, dispatch));
        }
    }

    /** Tells whether there may be more at once. */
    private static boolean poll(List<FollowedFile> files, Dispatch dispatch) throws InterruptedException {
        boolean more = false;
        for (Iterator<FollowedFile> all = files.iterator(); all.hasNext(); ) {
            FollowedFile file = all.next();
            try {
                more |= file.poll();
            } catch (IOException e) {
                dispatch.failed(file.path() + " is followed no more", e);
                all.remove();
                end(file, dispatch);
            }
        }
        return more;
    }

    private static void end(FollowedFile followed, Dispatch dispatch) {
        try (FollowedFile file = followed) {
            for (FileGeneration unfinished : file.unfinished()) {
                LineBatcher batcher = unfinished.batcher();
                dispatch.leave(batcher.origin(), batcher.firstHeldLine());
            }
        } catch (IOException e) {
            dispatch.failed(followed.path() + ": whether all of it is sent can't be told", e);
        }
    }

    private Origin origin(Path path, boolean asNew) throws IOException {
        String identity = asNew ? chance() : FileIdentity.of(path);
        return new Origin(path.toString(), identity, UnsentFile.beside(path), true);
    }

    private LineBatcher batcher(Origin origin, Dispatch dispatch) {
        return new LineBatcher(
                origin,
                new LineBatcher.Limits(plan.recordsPerRequest(), plan.batchBytes(), surroundings.recordBytes()),
                dispatch);
    }

    /** An identity that nothing else has. */
    private String chance() {
        byte[] bits = new byte[16];
        surroundings.random().nextBytes(bits);
        return "chance\0" + HexFormat.of().formatHex(bits);
    }
}
