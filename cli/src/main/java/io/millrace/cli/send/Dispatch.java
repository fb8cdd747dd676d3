package io.millrace.cli.send;

import io.millrace.cli.send.SendSummary.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Takes batches from the thread that reads and has each delivered by a thread of its own, so many at a time and no faster
 * than the pace. The reading thread waits meanwhile, which bounds the memory.
 *
 * <p>After the stop signal nothing is delivered any more: what can't be read again is kept, of the rest is noted where
 * it begins. {@link #close} waits for what is under way.
 */
final class Dispatch implements LineBatcher.Taker, AutoCloseable {

    private final Delivery delivery;
    private final Unsent unsent;
    private final Pace pace;
    private final StopSignal stop;
    private final int recordBytes;
    private final Semaphore permits;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** For each origin the first line that is left. Used by the thread that reads. */
    private final Map<Origin, Long> left = new LinkedHashMap<>();
    /** Guarded by itself. */
    private final List<Failure> failures = new ArrayList<>();
    /** Guarded by {@link #failures}. */
    private @Nullable RuntimeException bug;

    /** @param recordBytes how long a record may be; said of those that are longer */
    Dispatch(Delivery delivery, Unsent unsent, Pace pace, StopSignal stop, int parallel, int recordBytes) {
        this.delivery = delivery;
        this.unsent = unsent;
        this.pace = pace;
        this.stop = stop;
        this.recordBytes = recordBytes;
        // Fair to nobody: there is one thread that takes permits.
        this.permits = new Semaphore(parallel);
    }

    @Override
    public void take(Batch batch) throws IOException, InterruptedException {
        if (stop.isGiven() || stop.await(pace.take(batch.size()))) {
            leave(batch);
            return;
        }
        permits.acquire();
        if (stop.isGiven()) {
            permits.release();
            leave(batch);
            return;
        }
        threads.execute(() -> {
            try {
                deliver(batch);
            } finally {
                permits.release();
            }
        });
    }

    private void deliver(Batch batch) {
        try {
            try {
                delivery.deliver(batch);
            } catch (InterruptedException e) {
                unsent.keep(batch, Reason.of("interrupted while it was sent; it may have arrived all the same", true));
            }
        } catch (IOException e) {
            LineRanges lines = new LineRanges();
            for (long line : batch.lines()) {
                lines.add(line);
            }
            failed(
                    batch.origin().name() + ", " + lines.text() + ": not all of it was sent, and it could not be kept",
                    e);
            // What follows could not be kept either.
            stop.give();
        } catch (RuntimeException e) {
            synchronized (failures) {
                bug = e;
            }
            stop.give();
        }
    }

    @Override
    public OutputStream takeOverlong(Origin origin, long line) throws IOException {
        return unsent.keepOverlong(
                origin, line, Reason.of("longer than " + (recordBytes >> 20) + " MiB, which is too long", false));
    }

    private void leave(Batch batch) throws IOException {
        if (batch.origin().rereadable()) {
            leave(batch.origin(), batch.lines()[0]);
        } else {
            unsent.keep(batch, Reason.of("stopped before it was sent", true));
        }
    }

    /** Notes that an input is not sent from a line on. */
    void leave(Origin origin, long line) {
        left.merge(origin, line, Math::min);
    }

    /** Notes that something went wrong, and what it came to. */
    void failed(String what, IOException cause) {
        synchronized (failures) {
            failures.add(new Failure(what, cause));
        }
    }

    /** Waits until all that was taken is delivered or kept. */
    @Override
    public void close() {
        threads.close();
    }

    List<SendSummary.Unread> left() {
        return left.entrySet().stream()
                .map(rest -> new SendSummary.Unread(rest.getKey().name(), rest.getValue()))
                .toList();
    }

    /**
     * What went wrong.
     *
     * @throws RuntimeException if it is a bug
     */
    List<Failure> failures() {
        synchronized (failures) {
            if (bug != null) {
                throw bug;
            }
            return List.copyOf(failures);
        }
    }
}
