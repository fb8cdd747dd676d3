package io.millrace.server.read;

import io.millrace.formats.FieldFinder;
import io.millrace.log.Log;
import io.millrace.log.LogException;
import io.millrace.log.PartitionName;
import io.millrace.server.auth.Scope;
import io.millrace.server.http.Answer;
import io.millrace.server.http.PathTemplate;
import io.millrace.server.http.Problem;
import io.millrace.server.http.ProblemException;
import io.millrace.server.http.Request;
import io.millrace.server.http.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Answers the records of a stream whose field has a value, as they were sent: {@code {"events": [...], "next": "..."}}, the
 * newest last. It looks through the log, for a bounded time; {@code next} goes on from there, and is null where there was
 * nothing more. A page may be without events and yet have a next.
 *
 * <p>Thread-safe.
 */
public final class StreamEvents {

    private static final Duration LONGEST = Duration.ofSeconds(2);

    /** Looking through the log keeps a core busy; taking events must have one left. */
    private static final int SCANS_AT_ONCE = 2;

    private static final int MOST_BYTES = 4 << 20;

    /** After so many lines other virtual threads get their turn; nobody takes it from this one. */
    private static final int LINES_A_TURN = 500;

    private final Log log;
    private final String stream;
    private final List<String> field;
    private final String parameter;
    private final PathTemplate path;
    private final Duration longest;
    private final Semaphore scans = new Semaphore(SCANS_AT_ONCE);

    /**
     * @param path has one parameter, the value
     * @param log whoever opened it closes it, after the route is gone
     * @param field the names that lead to the field
     */
    public StreamEvents(String path, Log log, String stream, List<String> field) {
        this(path, log, stream, field, LONGEST);
    }

    StreamEvents(String path, Log log, String stream, List<String> field, Duration longest) {
        this.path = PathTemplate.parse(path);
        if (this.path.parameters().size() != 1) {
            throw new IllegalArgumentException("The path " + path + " must have one parameter, for the field's value.");
        }
        this.parameter = this.path.parameters().getFirst();
        this.log = log;
        this.stream = stream;
        this.field = List.copyOf(field);
        this.longest = longest;
    }

    static Problem tooManyScans() {
        return Problem.unavailable(
                "too-many-scans", "Others look through the log already", "Try again in a moment.", 1);
    }

    /** The route; it needs the scope {@code data:read}. */
    public Route route() {
        return new Route("GET", path, Scope.DATA_READ, RowOperations.events(parameter, field), this::answer);
    }

    private Answer answer(Request request) throws ProblemException, IOException, InterruptedException {
        Map<String, List<String>> query = request.query();
        for (String name : query.keySet()) {
            if (!name.equals(Serving.LIMIT) && !name.equals(Serving.AFTER)) {
                throw new ProblemException(Problem.badRequest("This path takes limit and after, nothing else."));
            }
        }
        int limit = Paging.limit(query);
        Map<PartitionName, Long> from = query.containsKey(Serving.AFTER)
                ? decode(Paging.one(Serving.AFTER, query.get(Serving.AFTER)))
                : Map.of();
        if (!scans.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new ProblemException(tooManyScans());
        }
        try {
            return answer(request.parameter(parameter), limit, from);
        } finally {
            scans.release();
        }
    }

    // The scheduler of virtual threads takes no thread's turn from it: stepping aside is the only way.
    @SuppressWarnings("ThreadPriorityCheck")
    private Answer answer(String value, int limit, Map<PartitionName, Long> from)
            throws ProblemException, IOException, InterruptedException {
        FieldFinder finder = new FieldFinder(field);
        byte[] wanted = value.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream events = new ByteArrayOutputStream();
        int found = 0;
        long start = System.nanoTime();
        int lines = 0;
        try (MergedScan scan = open(from)) {
            boolean more = true;
            while (found < limit
                    && events.size() < MOST_BYTES
                    && System.nanoTime() - start < longest.toNanos()
                    && (more = scan.next())) {
                if (++lines % LINES_A_TURN == 0) {
                    Thread.yield();
                }
                if (finder.find(scan.bytes(), scan.from(), scan.to()) && finder.is(wanted)) {
                    events.write(found == 0 ? '[' : ',');
                    events.write(scan.bytes(), scan.from(), scan.to() - scan.from() - 1);
                    found++;
                }
            }
            String next = more ? '"' + encode(scan.places()) + '"' : "null";
            ByteArrayOutputStream body = new ByteArrayOutputStream(events.size() + 200);
            body.writeBytes("{\"events\":".getBytes(StandardCharsets.UTF_8));
            events.write(found == 0 ? "[]".getBytes(StandardCharsets.UTF_8) : new byte[] {']'});
            events.writeTo(body);
            body.writeBytes((",\"next\":" + next + "}").getBytes(StandardCharsets.UTF_8));
            return Answer.json(body.toByteArray()).with("Cache-Control", "no-cache");
        }
    }

    private MergedScan open(Map<PartitionName, Long> from) throws ProblemException, IOException, InterruptedException {
        try {
            return new MergedScan(log, log.partitions(stream), from);
        } catch (LogException e) {
            if (from.isEmpty()) {
                throw e;
            }
            throw new ProblemException(Paging.notOurs(), e);
        }
    }

    /** The log's name goes with the places, since they mean nothing in another one. */
    private String encode(Map<PartitionName, Long> places) {
        List<String> texts = new ArrayList<>();
        texts.add(log.id().toString());
        places.forEach((name, place) -> texts.add(name.slot() + "-" + name.partition() + "@" + place));
        return Paging.encode(texts);
    }

    private Map<PartitionName, Long> decode(String cursor) throws ProblemException {
        List<String> texts = Paging.decode(cursor);
        Map<PartitionName, Long> places = new HashMap<>();
        if (!texts.getFirst().equals(log.id().toString())) {
            throw new ProblemException(Paging.notOurs());
        }
        for (String text : texts.subList(1, texts.size())) {
            if (!text.matches("\\d{1,6}-\\d{1,6}@\\d{1,18}")) {
                throw new ProblemException(Paging.notOurs());
            }
            String[] parts = text.split("[-@]", -1);
            places.put(
                    new PartitionName(stream, Integer.parseInt(parts[0]), Integer.parseInt(parts[1])),
                    Long.parseLong(parts[2]));
        }
        return places;
    }
}
