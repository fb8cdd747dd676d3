package io.millrace.server.http;

import java.util.Map;

/** Headers that an answer may have. */
final class Headers {

    private Headers() {}

    /**
     * A copy of these.
     *
     * @throws IllegalArgumentException where one would end before its end: what follows would be a header of its own
     */
    static Map<String, String> checked(Map<String, String> headers) {
        headers.forEach((name, value) -> {
            if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':')) {
                throw new IllegalArgumentException("The name of a header has characters that it can't have");
            }
            if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f || c > 0xff)) {
                throw new IllegalArgumentException("The header " + name + " has characters that it can't have");
            }
        });
        return Map.copyOf(headers);
    }
}
