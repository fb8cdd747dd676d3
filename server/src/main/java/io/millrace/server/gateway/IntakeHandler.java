package io.millrace.server.gateway;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.millrace.formats.Compression;
import io.millrace.formats.FieldFinder;
import io.millrace.log.AppendResult;
import io.millrace.log.LogException;
import io.millrace.log.LogFullException;
import io.millrace.log.StreamWriter;
import io.millrace.server.http.Operation;
import io.millrace.server.http.Problem;
import io.millrace.server.http.ProblemException;
import io.millrace.server.ops.IntakeMeter;
import io.millrace.server.ops.RequestTrace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** What {@code POST} to the path of an intake does. Thread-safe. */
final class IntakeHandler {

    private static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("idempotency-key", "Idempotency-Key");
    private static final int MOST_KEY_CHARACTERS = 255;

    /** How long a request waits for room among the bytes on their way to the disk. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Intake intake;
    private final IntakeMeter meter;
    private final int maxBodyBytes;
    private final long maxRecordBytes;
    private final @Nullable Refusals refusals;
    private final ConcurrentLinkedQueue<FieldFinder> finders = new ConcurrentLinkedQueue<>();

    IntakeHandler(Intake intake, GatewayConfig.Limits limits, IntakeMeter meter) {
        this.intake = intake;
        this.meter = meter;
        // One newline may come on top.
        this.maxBodyBytes =
                (int) Math.min(limits.body().bytes(), intake.stream().maxAppendBytes() - 1L);
        this.maxRecordBytes = limits.record().bytes();
        this.refusals = intake.reject().isEmpty() ? null : new Refusals(intake.reject());
    }

    Intake intake() {
        return intake;
    }

    /** What it does, for those who call it. */
    Operation operation() {
        return IntakeOperations.take(intake, maxBodyBytes, maxRecordBytes);
    }

    void take(Exchange exchange) throws ProblemException, InterruptedException {
        boolean json = isJson(exchange.header(HeaderNames.CONTENT_TYPE));
        Compression compression = compression(exchange.header(HeaderNames.CONTENT_ENCODING));
        String key = key(exchange.header(IDEMPOTENCY_KEY));
        try (Body body = Body.read(exchange, maxBodyBytes, compression)) {
            if (body.length() == 0) {
                throw new ProblemException(empty());
            }
            Records records = json
                    ? BodyReader.json(exchange.json(), body.bytes(), body.length(), maxRecordBytes)
                    : BodyReader.ndjson(body.bytes(), body.length(), maxRecordBytes);
            if (records.count() == 0) {
                throw new ProblemException(empty());
            }
            List<Refusals.Refused> refused = refusals == null ? List.of() : refusals.sift(records);
            if (!refused.isEmpty()) {
                meter.refused(refused.size());
            }
            if (records.count() == 0) {
                throw new ProblemException(allRefused(refused));
            }
            store(exchange, records, key, refused);
        }
    }

    static Problem allRefused(List<Refusals.Refused> refused) {
        return new Problem(
                        422,
                        "all-refused",
                        "No record was accepted",
                        "Every record violates the contract. Nothing was stored.")
                .member("accepted", 0)
                .member("refused", Refusals.told(refused));
    }

    static Problem empty() {
        return new Problem(400, "no-records", "The body has no records", "Send a JSON object, an array, or NDJSON.");
    }

    private static boolean isJson(@Nullable String contentType) throws ProblemException {
        if (contentType == null) {
            throw new ProblemException(unsupported("The request does not say what its body is."));
        }
        if (contentType.equals("application/json")) {
            return true;
        }
        String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String[] parameter = parts[i].strip().split("=", 2);
            if (parameter[0].equals("charset")
                    && !(parameter.length == 2 && parameter[1].replace("\"", "").equals("utf-8"))) {
                throw new ProblemException(unsupported("The body is in another charset than UTF-8."));
            }
        }
        return switch (parts[0].strip()) {
            case "application/json" -> true;
            case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines" -> false;
            default -> throw new ProblemException(unsupported("The type of the body is not known here."));
        };
    }

    static Problem unsupported(String what) {
        return new Problem(
                415,
                "unsupported-type",
                "The body is of a type that is not taken",
                what + " Send application/json or application/x-ndjson, in UTF-8.",
                Map.of(),
                Map.of("Accept-Post", "application/json, application/x-ndjson, application/jsonl"));
    }

    private static Compression compression(@Nullable String encoding) throws ProblemException {
        if (encoding == null) {
            return Compression.NONE;
        }
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> Compression.NONE;
            case "gzip", "x-gzip" -> Compression.GZIP;
            default -> throw new ProblemException(unsupportedEncoding());
        };
    }

    static Problem unsupportedEncoding() {
        return new Problem(
                415,
                "unsupported-encoding",
                "The body is compressed in a way that is not taken",
                "Send it as it is, or with Content-Encoding: gzip.",
                Map.of(),
                Map.of("Accept-Encoding", "gzip"));
    }

    private static @Nullable String key(@Nullable String key) throws ProblemException {
        if (key != null && !RequestIds.visible(key, MOST_KEY_CHARACTERS)) {
            throw new ProblemException(oddKey());
        }
        return key;
    }

    static Problem oddKey() {
        return Problem.badRequest(
                "The Idempotency-Key must be 1 to " + MOST_KEY_CHARACTERS + " visible characters of ASCII.");
    }

    private void store(Exchange exchange, Records records, @Nullable String key, List<Refusals.Refused> refused)
            throws ProblemException, InterruptedException {
        StreamWriter stream = intake.stream();
        String client = exchange.client();
        if (client == null) {
            throw new IllegalStateException("Events are taken from clients only");
        }
        List<StreamWriter.Part> parts = parts(exchange, records, key);
        RequestTrace trace = exchange.trace();
        if (trace == null) {
            answer(exchange, records.count(), refused, parts, append(stream, parts, client, key));
            return;
        }
        List<AppendResult> results;
        try (RequestTrace.Append followed = trace.append(stream.stream(), records.count())) {
            results = append(stream, parts, client, key);
            follow(followed, parts, results);
        }
        answer(exchange, records.count(), refused, parts, results);
    }

    private static void follow(
            RequestTrace.Append followed, List<StreamWriter.Part> parts, List<AppendResult> results) {
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) instanceof AppendResult.Stored(var partition, long offset)) {
                followed.stored(partition, offset + parts.get(i).lines().bytes());
            } else if (results.get(i) instanceof AppendResult.Repeated) {
                followed.repeated();
            }
        }
    }

    private static List<AppendResult> append(
            StreamWriter stream, List<StreamWriter.Part> parts, String client, @Nullable String key)
            throws ProblemException, InterruptedException {
        List<AppendResult> results;
        try {
            results = parts.size() == 1
                    ? List.of(stream.append(
                            parts.getFirst().partition(),
                            client,
                            key,
                            parts.getFirst().lines(),
                            PATIENCE))
                    : stream.append(parts, client, key, PATIENCE);
        } catch (LogFullException e) {
            throw new ProblemException(diskFull(), e);
        } catch (LogException e) {
            throw new ProblemException(logFailed(), e);
        }
        return results;
    }

    static Problem diskFull() {
        return Problem.unavailable(
                "disk-full",
                "The disk of the server is full",
                "The events were not stored. They can be as soon as there is space.",
                5);
    }

    static Problem logFailed() {
        return Problem.unavailable("log-failed", "The events could not be stored", "Send them again in a moment.", 5);
    }

    private List<StreamWriter.Part> parts(Exchange exchange, Records records, @Nullable String key) {
        int partitions = intake.stream().partitions();
        if (partitions == 1) {
            return List.of(new StreamWriter.Part(0, records.lines()));
        }
        if (intake.partitionBy().isEmpty()) {
            // What comes again must go where it went before; besides that, the order of a connection is kept.
            int hash = key == null ? System.identityHashCode(exchange.wire()) : key.hashCode();
            return List.of(new StreamWriter.Part(Math.floorMod(hash ^ (hash >>> 16), partitions), records.lines()));
        }
        BitSet[] members = new BitSet[partitions];
        FieldFinder finder = finders.poll();
        if (finder == null) {
            finder = new FieldFinder(intake.partitionBy());
        }
        for (int i = 0; i < records.count(); i++) {
            boolean found = finder.find(records.bytes(), records.start(i), records.end(i));
            int partition = found ? Math.floorMod(finder.hash(), partitions) : 0;
            if (members[partition] == null) {
                members[partition] = new BitSet(records.count());
            }
            members[partition].set(i);
        }
        finders.add(finder);
        List<StreamWriter.Part> parts = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            if (members[p] != null) {
                parts.add(new StreamWriter.Part(p, records.lines(members[p])));
            }
        }
        return parts;
    }

    private void answer(
            Exchange exchange,
            int accepted,
            List<Refusals.Refused> refused,
            List<StreamWriter.Part> parts,
            List<AppendResult> results)
            throws ProblemException {
        Receipt receipt = new Receipt();
        for (int i = 0; i < results.size(); i++) {
            long bytes = parts.get(i).lines().bytes();
            AppendResult result = results.get(i);
            // The usual case by itself: a switch over patterns shows in a profile here.
            if (result instanceof AppendResult.Stored stored) {
                receipt.stored(stored.partition(), stored.offset() + bytes);
                meter.accepted(parts.get(i).lines().records(), bytes);
            } else {
                if (result instanceof AppendResult.Repeated) {
                    meter.repeated(parts.get(i).lines().records());
                }
                other(result, receipt, bytes);
            }
        }
        exchange.send(Status.ACCEPTED_202, Exchange.JSON, receipt.json(accepted, refused));
    }

    private static void other(AppendResult result, Receipt receipt, long bytes) throws ProblemException {
        switch (result) {
            case AppendResult.Stored(var partition, long offset) -> receipt.stored(partition, offset + bytes);
            case AppendResult.Repeated(var partition, long offset) -> receipt.repeated(partition, offset + bytes);
            case AppendResult.Conflict conflict -> throw new ProblemException(keyInUse());
            case AppendResult.Busy busy -> throw new ProblemException(queueFull());
        }
    }

    static Problem keyInUse() {
        return new Problem(
                409,
                "key-in-use",
                "The Idempotency-Key was used with another body",
                "Send other events under another key, and the same events as they were before.");
    }

    static Problem queueFull() {
        return Problem.unavailable(
                "queue-full",
                "Too much waits to be written to disk",
                "The events were not stored. Send them again in a moment.",
                1);
    }
}
