package io.millrace.server.read;

import io.millrace.server.http.Answer;
import io.millrace.server.http.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/** JSON with an {@code ETag} made of its bytes: who has it already is told so (RFC 9110, section 13.1.2). */
final class Tagged {

    /** 128 bits: no two answers will ever share one by chance. */
    private static final int TAG_BYTES = 16;

    private Tagged() {}

    static Answer answer(Request request, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        String tag = tag(body);
        Answer answer = has(request.header("If-None-Match"), tag) ? Answer.of(304) : Answer.json(body);
        return new Answer(answer.status(), headers(answer, tag), answer.body());
    }

    private static Map<String, String> headers(Answer answer, String tag) {
        Map<String, String> headers = new java.util.HashMap<>(answer.headers());
        headers.put("ETag", tag);
        headers.put("Cache-Control", "no-cache");
        return headers;
    }

    private static String tag(byte[] body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
            return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, TAG_BYTES)) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every JDK has SHA-256", e);
        }
    }

    /** A proxy on the way may have made the tag weak; for this comparison that does not matter. */
    private static boolean has(@org.jspecify.annotations.Nullable String known, String tag) {
        if (known == null) {
            return false;
        }
        return Arrays.stream(known.split(","))
                .map(String::strip)
                .anyMatch(one -> one.equals("*") || one.equals(tag) || one.equals("W/" + tag));
    }
}
