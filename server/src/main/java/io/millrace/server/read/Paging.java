package io.millrace.server.read;

import io.millrace.server.http.Problem;
import io.millrace.server.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Limits, and cursors that tell where a page ends: a list of texts that means nothing to the caller. */
final class Paging {

    static final int USUAL_LIMIT = 100;
    static final int MOST = 1000;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Paging() {}

    static int limit(Map<String, List<String>> query) throws ProblemException {
        if (!query.containsKey(Serving.LIMIT)) {
            return USUAL_LIMIT;
        }
        String text = one(Serving.LIMIT, query.get(Serving.LIMIT));
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST) {
            throw new ProblemException(Problem.badRequest("limit must be a number from 1 to " + MOST + "."));
        }
        return Integer.parseInt(text);
    }

    /** @param name of ours, not of the caller's making */
    static String one(String name, List<String> values) throws ProblemException {
        if (values.size() != 1) {
            throw new ProblemException(Problem.badRequest(name + " is there more than once."));
        }
        return values.getFirst();
    }

    static String encode(List<String> place) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(place));
    }

    /** @param size how many texts there must be */
    static List<String> decode(String cursor, int size) throws ProblemException {
        List<String> place = decode(cursor);
        if (place.size() != size) {
            throw new ProblemException(notOurs());
        }
        return place;
    }

    /** The texts, one at least. */
    static List<String> decode(String cursor) throws ProblemException {
        try {
            byte[] json = Base64.getUrlDecoder().decode(cursor);
            @Nullable String[] place = JSON.readValue(new String(json, StandardCharsets.UTF_8), String[].class);
            if (place != null && place.length > 0 && Arrays.stream(place).noneMatch(Objects::isNull)) {
                return List.of(place);
            }
        } catch (IllegalArgumentException | JacksonException e) {
            throw new ProblemException(notOurs(), e);
        }
        throw new ProblemException(notOurs());
    }

    static Problem notOurs() {
        return Problem.badRequest("The cursor is not one that this path gave as next.");
    }
}
