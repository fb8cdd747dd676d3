package io.millrace.benchmarks.live;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Clients that post batches of events over connections that are kept. */
final class Load {

    private static final int CONNECTIONS = 4;
    private static final int BATCH = 1_000;
    private static final int BATCHES = 200;
    private static final int STEADY_BATCH = 100;

    private final Upped server;
    private final String token;
    private final int users;
    private final byte[][] requests;

    Load(Upped server, int users) throws IOException, InterruptedException {
        this.server = server;
        this.token = server.token();
        this.users = users;
        this.requests = Events.requests(server.address(), token, BATCHES, BATCH, users);
    }

    /** Posts as fast as the server answers; returns how many events it took. */
    long run(double seconds) throws IOException, InterruptedException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<Long>> counts = new ArrayList<>();
            for (int c = 0; c < CONNECTIONS; c++) {
                int first = c * BATCHES / CONNECTIONS;
                counts.add(threads.submit(() -> post(first, end)));
            }
            long events = 0;
            for (Future<Long> count : counts) {
                events += count.get();
            }
            return events;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private long post(int first, long end) throws IOException {
        long events = 0;
        try (Poster poster = new Poster(server.address())) {
            for (int i = first; System.nanoTime() < end; i = (i + 1) % BATCHES) {
                poster.post(requests[i]);
                events += BATCH;
            }
        }
        return events;
    }

    /** Posts at a rate until it is closed. */
    Steady steady(int perSecond) {
        return new Steady(perSecond);
    }

    /** A load that goes on. */
    final class Steady implements AutoCloseable {

        private final byte[][] small = Events.requests(server.address(), token, BATCHES, STEADY_BATCH, users);
        private final LongAdder sent = new LongAdder();
        private final long start = System.nanoTime();
        private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        private final List<Future<?>> posting = new ArrayList<>();
        private volatile boolean closed;

        private Steady(int perSecond) {
            long gap = 1_000_000_000L * STEADY_BATCH * CONNECTIONS / perSecond;
            for (int c = 0; c < CONNECTIONS; c++) {
                int number = c;
                posting.add(threads.submit(() -> {
                    post(number, gap);
                    return null;
                }));
            }
        }

        private void post(int connection, long gap) throws IOException {
            long due = System.nanoTime() + gap * connection / CONNECTIONS;
            try (Poster poster = new Poster(server.address())) {
                for (int i = connection; !closed; i = (i + CONNECTIONS) % BATCHES) {
                    long left = due - System.nanoTime();
                    if (left > 0) {
                        LockSupport.parkNanos(left);
                    }
                    poster.post(small[i]);
                    sent.add(STEADY_BATCH);
                    due += gap;
                }
            }
        }

        /** Events a second so far. */
        double rate() {
            return sent.sum() / Upped.seconds(start);
        }

        @Override
        public void close() throws IOException {
            closed = true;
            threads.close();
            for (Future<?> each : posting) {
                if (each.state() == Future.State.FAILED) {
                    throw new IOException(each.exceptionNow());
                }
            }
        }
    }
}
