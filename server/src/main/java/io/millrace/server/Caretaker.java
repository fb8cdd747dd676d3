package io.millrace.server;

import io.millrace.engine.live.Repeating;
import io.millrace.log.Log;
import io.millrace.log.Retention;
import io.millrace.server.Needs.Need;
import io.millrace.server.ops.Notice;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Drops what the log need not keep, every few seconds. Thread-safe. */
final class Caretaker implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Log log;
    private final Retention retention;
    private final Streams streams;
    private final Needs needs;
    private final Supplier<List<Need>> own;
    private final Consumer<Notice> told;
    private final Repeating repeating;

    /**
     * Begins with {@link #start}.
     *
     * @param needs where other processes see what is needed here, and are seen
     * @param own what the pipelines of this process need
     * @param told hears what was dropped
     */
    Caretaker(
            Log log,
            Retention retention,
            Streams streams,
            Needs needs,
            Supplier<List<Need>> own,
            Consumer<Notice> told) {
        this.log = log;
        this.retention = retention;
        this.streams = streams;
        this.needs = needs;
        this.own = own;
        this.told = told;
        this.repeating = new Repeating("caretaker", EVERY, this::look);
    }

    void start() {
        repeating.start();
    }

    /** Is told of a pipeline before it starts. */
    void expect(Need need) {
        try {
            needs.expect(need);
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Looks once. */
    synchronized void look() {
        try {
            retain();
        } catch (IOException e) {
            failed(e);
        }
    }

    private void retain() throws IOException {
        List<Need> mine = own.get();
        @Nullable IOException unwritten = null;
        try {
            needs.leave(mine);
        } catch (IOException e) {
            // Where the disk is full there is all the more reason to go on. What was written before needs more, not
            // less.
            unwritten = e;
        }
        List<Need> all = new ArrayList<>(mine);
        all.addAll(needs.others(mine));
        for (Retention.Dropped dropped : log.retain(retention, streams.needed(all))) {
            if (dropped.unreadFrom().isPresent()) {
                told.accept(Notice.error(
                        "log.dropped_unread",
                        "The log of " + dropped.partition() + " had to be cut for its size: bytes "
                                + dropped.unreadFrom().getAsLong() + " to " + dropped.to()
                                + " had not been loaded yet."));
            } else {
                told.accept(Notice.info(
                        "log.dropped",
                        "The log of " + dropped.partition() + " was cut up to byte " + dropped.to()
                                + ", which has been kept for as long as it should."));
            }
        }
        if (unwritten != null) {
            throw unwritten;
        }
    }

    private static void failed(IOException e) {
        System.getLogger(Caretaker.class.getName())
                .log(System.Logger.Level.WARNING, "The log could not be looked after; trying again", e);
    }

    @Override
    public void close() {
        repeating.close();
    }
}
