package io.millrace.server.auth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who was refused, who did something privileged, who got a token, and what changed: {@code audit/audit-YYYY-MM-DD.ndjson}
 * under the home folder, by UTC, for its owner only. Several processes may write.
 *
 * <p>A thread of its own writes, and forces each batch to disk; callers wait only where it is {@value #MOST_WAITING}
 * lines behind, and then for a tenth of a second at most. The same refusal within a second is one line with a count, and
 * of a second's refusals at most {@value #MOST_REFUSALS} different ones are told apart, so that a flood of them can't
 * fill the disk. What can't be written is written later; what is lost then is counted and the count written. Safe for use
 * by many threads.
 */
public final class Audit implements AutoCloseable {

    /** Lines that wait to be written. */
    static final int MOST_WAITING = 10_000;

    /** Different refusals of one second. */
    static final int MOST_REFUSALS = 1_000;

    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final int MOST_CHARACTERS = 200;
    private static final System.Logger LOG = System.getLogger(Audit.class.getName());

    /** What a line tells of. */
    public enum Kind {
        /** A call or a request for a token was not let in. */
        REFUSAL,
        /** A call with a scope that is {@link Scope#privileged()} was let in. */
        PRIVILEGED_CALL,
        TOKEN_ISSUED,
        CLIENT_CHANGED,
        KEY_ROTATED,
        /** Lines that should be here and could not be written. */
        LOST;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a line tells. It must hold no token, no secret and nothing that belongs to a person.
     *
     * @param kind of what
     * @param clientId who; null where it is not known for certain, since what a stranger sends may be anything
     * @param remoteAddress from where; null where it was this machine's own command
     * @param method of the request; null where there was none
     * @param route of the request, as the server declares it; null where there was none
     * @param reason in a word or two
     * @param requestId of the request; null where there was none
     */
    public record Entry(
            Kind kind,
            @Nullable String clientId,
            @Nullable String remoteAddress,
            @Nullable String method,
            @Nullable String route,
            @Nullable String reason,
            @Nullable String requestId) {

        public static Entry of(Kind kind) {
            return new Entry(kind, null, null, null, null, null, null);
        }

        /** The same of this client. */
        public Entry client(@Nullable String id) {
            return new Entry(kind, id, remoteAddress, method, route, reason, requestId);
        }

        /** The same for this reason. */
        public Entry reason(String why) {
            return new Entry(kind, clientId, remoteAddress, method, route, why, requestId);
        }

        /** The same in this call. */
        public Entry in(Call call) {
            return new Entry(
                    kind, clientId, call.remoteAddress(), call.method(), call.route(), reason, call.requestId());
        }

        /** What makes two refusals the same one: all but the number of the request. */
        private Entry sameness() {
            return new Entry(kind, clientId, remoteAddress, method, route, reason, null);
        }
    }

    /** An entry with the time of its first occurrence. */
    private record Line(Instant time, Entry entry, long count) {}

    private final PrivateFolder folder;
    private final InstantSource clock;
    private final Json json = new Json();
    private final Thread writer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();

    /** Guarded by {@link #lock}, like all below. */
    private List<Line> waiting = new ArrayList<>();

    private Map<Entry, Line> refusals = new LinkedHashMap<>();

    /** By {@link System#nanoTime}; means something while there are refusals. */
    private long windowEnds;

    private long lost;
    private boolean closed;
    private @Nullable String problem;

    private Audit(PrivateFolder folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
        this.writer = Thread.ofPlatform().name("audit").daemon().unstarted(this::write);
    }

    /** Opens the log in a folder, which is made where it is not there. */
    static Audit open(Path path, InstantSource clock) throws AuthException {
        Audit audit = new Audit(PrivateFolder.open(path), clock);
        audit.writer.start();
        return audit;
    }

    /** Takes down an entry. It is on disk a moment later; a refusal within about a second. */
    public void record(Entry entry) {
        Line line = new Line(clock.instant(), entry, 1);
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("The audit log is closed.");
            }
            if (entry.kind() == Kind.REFUSAL) {
                refused(line);
            } else if (hasRoom()) {
                waiting.add(line);
                work.signal();
            } else {
                lost++;
            }
        } finally {
            lock.unlock();
        }
    }

    private void refused(Line line) {
        if (refusals.isEmpty()) {
            windowEnds = System.nanoTime() + WINDOW.toNanos();
            work.signal();
        }
        Entry key = line.entry().sameness();
        if (refusals.size() >= MOST_REFUSALS && !refusals.containsKey(key)) {
            key = Entry.of(Kind.REFUSAL).reason("various");
            line = new Line(line.time(), key, 1);
        }
        refusals.merge(key, line, (first, again) -> new Line(first.time(), first.entry(), first.count() + 1));
    }

    /** Waits for it, within reason; somebody who is interrupted does not wait. */
    private boolean hasRoom() {
        long nanos = PATIENCE.toNanos();
        try {
            while (waiting.size() >= MOST_WAITING && nanos > 0) {
                nanos = room.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return waiting.size() < MOST_WAITING;
    }

    /** Why nothing can be written, while that is so. */
    public Optional<String> problem() {
        lock.lock();
        try {
            return Optional.ofNullable(problem);
        } finally {
            lock.unlock();
        }
    }

    /** The writer: batches go to disk until it is told to end, and what is left then goes, too. */
    private void write() {
        List<Line> unwritten = List.of();
        while (true) {
            List<Line> batch = new ArrayList<>(unwritten);
            boolean last = take(batch, !unwritten.isEmpty());
            unwritten = append(batch);
            if (last) {
                if (!unwritten.isEmpty()) {
                    LOG.log(System.Logger.Level.ERROR, unwritten.size() + " lines of the audit log are lost.");
                }
                return;
            }
        }
    }

    /** Waits for something to write and adds it; true where nothing more will come. */
    private boolean take(List<Line> batch, boolean retrying) {
        lock.lock();
        try {
            long retryAt = System.nanoTime() + RETRY.toNanos();
            while (!closed) {
                long now = System.nanoTime();
                long nanos = Long.MAX_VALUE;
                if (retrying) {
                    nanos = retryAt - now;
                } else if (!waiting.isEmpty()) {
                    nanos = 0;
                } else if (!refusals.isEmpty()) {
                    nanos = windowEnds - now;
                }
                if (nanos <= 0) {
                    break;
                }
                work.await(nanos, TimeUnit.NANOSECONDS);
            }
            // What waits stays where it can be counted while the lines before it can't be written.
            if (!retrying || closed) {
                drain(batch);
            }
            return closed;
        } catch (InterruptedException e) {
            // Nobody but close ends this thread, and it does not interrupt; were it to happen, end in order.
            drain(batch);
            closed = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void drain(List<Line> batch) {
        batch.addAll(waiting);
        waiting = new ArrayList<>();
        if (closed || (!refusals.isEmpty() && System.nanoTime() >= windowEnds)) {
            batch.addAll(refusals.values());
            refusals = new LinkedHashMap<>();
        }
        if (lost > 0) {
            batch.add(new Line(clock.instant(), Entry.of(Kind.LOST).reason("the log could not be written"), lost));
            lost = 0;
        }
        room.signalAll();
    }

    /** Appends lines to the files of their days; answers those that could not be written. */
    private List<Line> append(List<Line> batch) {
        Map<LocalDate, List<Line>> days = new LinkedHashMap<>();
        for (Line line : batch) {
            days.computeIfAbsent(LocalDate.ofInstant(line.time(), ZoneOffset.UTC), day -> new ArrayList<>())
                    .add(line);
        }
        List<Line> unwritten = new ArrayList<>();
        String failed = null;
        for (Map.Entry<LocalDate, List<Line>> day : days.entrySet()) {
            try {
                append("audit-" + day.getKey() + ".ndjson", day.getValue());
            } catch (IOException e) {
                unwritten.addAll(day.getValue());
                failed = PrivateFolder.failure("The audit log in " + folder.resolve("") + " could not be written", e)
                        .getMessage();
            }
        }
        report(failed);
        return unwritten;
    }

    private void append(String file, List<Line> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        if (problem().isPresent()) {
            // The failed attempt may have left half a line; it must not spoil the next one.
            text.append('\n');
        }
        for (Line line : lines) {
            text.append(json.line(fields(line))).append('\n');
        }
        // Opened each time: the file may have been moved away, and one write in append mode is not torn by others'.
        try (FileChannel channel = folder.appendTo(file)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        }
    }

    private void report(@Nullable String failed) {
        lock.lock();
        try {
            if (failed != null && problem == null) {
                LOG.log(System.Logger.Level.ERROR, failed);
            }
            problem = failed;
        } finally {
            lock.unlock();
        }
    }

    private static Map<String, Object> fields(Line line) {
        Entry entry = line.entry();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("time", line.time().toString());
        fields.put("kind", entry.kind().text());
        put(fields, "client", entry.clientId());
        put(fields, "address", entry.remoteAddress());
        put(fields, "method", entry.method());
        put(fields, "route", withoutQuery(entry.route()));
        put(fields, "reason", entry.reason());
        put(fields, "request", entry.requestId());
        if (line.count() > 1) {
            fields.put("count", line.count());
        }
        return fields;
    }

    private static void put(Map<String, Object> fields, String name, @Nullable String value) {
        if (value != null) {
            fields.put(name, value.length() > MOST_CHARACTERS ? value.substring(0, MOST_CHARACTERS) + "..." : value);
        }
    }

    /** A route has none; where a caller gives a path instead, at least the values in its query stay out. */
    private static @Nullable String withoutQuery(@Nullable String route) {
        int query = route == null ? -1 : route.indexOf('?');
        return route == null || query < 0 ? route : route.substring(0, query);
    }

    /** Writes what is left and ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
