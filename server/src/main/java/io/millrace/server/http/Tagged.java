package io.millrace.server.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Bodies with an {@code ETag} made of their bytes: who has one already is told so (RFC 9110, section 13.1.2). */
public final class Tagged {

    /** 128 bits: no two answers will ever share one by chance. */
    private static final int TAG_BYTES = 16;

    private Tagged() {}

    /** JSON, or that it has not changed. */
    public static Answer json(Request request, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        String tag = tag(body);
        return tagged(has(request, tag) ? Answer.of(304) : Answer.json(body), tag);
    }

    /** An answer that is to be asked for again each time, with its tag. */
    public static Answer tagged(Answer answer, String tag) {
        return answer.with("ETag", tag).with("Cache-Control", "no-cache");
    }

    /** The tag of a body, in its quotes. */
    public static String tag(byte[] body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
            return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, TAG_BYTES)) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every JDK has SHA-256", e);
        }
    }

    /** Whether the client has it. A proxy on the way may have made the tag weak; for this that does not matter. */
    public static boolean has(Request request, String tag) {
        @Nullable String known = request.header("If-None-Match");
        if (known == null) {
            return false;
        }
        return Arrays.stream(known.split(",", -1))
                .map(String::strip)
                .anyMatch(one -> one.equals("*") || one.equals(tag) || one.equals("W/" + tag));
    }
}
