package io.millrace.cli.send;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Speaks HTTP with a gateway: one request, and what the answer means. Decides nothing. Thread-safe. */
final class Gateway {

    private static final int TOO_LARGE = 413;

    private final AuthorizedHttp http;
    private final URI target;
    private final InstantSource clock;

    Gateway(AuthorizedHttp http, URI target, InstantSource clock) {
        this.http = http;
        this.target = target;
        this.clock = clock;
    }

    /**
     * What is sent.
     *
     * @param content the bytes, compressed or not
     * @param records how many records are in it
     * @param type its media type
     * @param compressed whether the bytes are compressed with gzip
     * @param key under which the gateway remembers it
     */
    record Request(byte[] content, int records, String type, boolean compressed, String key) {}

    Answer post(Request request) throws InterruptedException {
        HttpRequest.Builder post = HttpRequest.newBuilder(target)
                .header("Content-Type", request.type())
                .header("Accept", "application/json, application/problem+json")
                .header("Idempotency-Key", request.key())
                .POST(BodyPublishers.ofByteArray(request.content()));
        if (request.compressed()) {
            post.header("Content-Encoding", "gzip");
        }
        try {
            return answer(http.send(post), request.records());
        } catch (NoAnswerException e) {
            return new Answer.Later(String.valueOf(e.getMessage()), Optional.empty(), e.mayHaveArrived());
        } catch (TokenException e) {
            String message = String.valueOf(e.getMessage());
            return e.passing() ? new Answer.Later(message, e.retryAfter(), false) : new Answer.Refused(message, "");
        }
    }

    private Answer answer(HttpResponse<byte[]> response, int records) {
        int status = response.statusCode();
        if (Statuses.good(status)) {
            return taken(response, records);
        }
        String text = "the gateway answers " + Statuses.text(status);
        if (status == TOO_LARGE) {
            return new Answer.TooLarge(text, problem(response));
        }
        return Statuses.passing(status)
                ? new Answer.Later(text, RetryAfter.in(response.headers(), clock.instant()), Statuses.unsure(status))
                : new Answer.Refused(text, problem(response));
    }

    /** The title and the detail of a problem (RFC 9457). */
    private static String problem(HttpResponse<byte[]> response) {
        return Json.object(response.body())
                .map(body -> String.join(
                        ": ",
                        Stream.of("title", "detail")
                                .map(field -> Json.text(body, field))
                                .filter(text -> !text.isBlank())
                                .toList()))
                .orElse("");
    }

    private static Answer taken(HttpResponse<byte[]> response, int records) {
        if (!Json.isTypeOf(response.headers().firstValue("Content-Type").orElse(""))) {
            // A server of another make that says yes and no more.
            return new Answer.Accepted(records, List.of(), false, Map.of());
        }
        return Json.object(response.body())
                .flatMap(body -> accepted(body, records))
                .map(Answer.class::cast)
                // It has probably taken the request; asked again it says so in a way that can be read.
                .orElseGet(() -> new Answer.Later(
                        "the gateway's answer can't be read, status " + response.statusCode(), Optional.empty(), true));
    }

    private static Optional<Answer.Accepted> accepted(JsonNode body, int records) {
        // A line that breaks a contract in two places is one line.
        Map<Integer, Answer.RefusedLine> refused = new LinkedHashMap<>();
        for (JsonNode line : body.path("refused")) {
            int number = line.path("line").asInt(0);
            if (number < 1 || number > records) {
                return Optional.empty();
            }
            refused.putIfAbsent(
                    number,
                    new Answer.RefusedLine(
                            number, Json.text(line, "code"), Json.text(line, "field"), Json.text(line, "message")));
        }
        Map<String, Long> positions = new HashMap<>();
        for (Map.Entry<String, JsonNode> position : body.path("positions").properties()) {
            if (!position.getValue().isIntegralNumber() || !position.getValue().canConvertToLong()) {
                return Optional.empty();
            }
            positions.put(position.getKey(), position.getValue().longValue());
        }
        return Optional.of(new Answer.Accepted(
                body.path("accepted").asLong(records - refused.size()),
                List.copyOf(refused.values()),
                body.path("repeated").asBoolean(false),
                positions));
    }
}
