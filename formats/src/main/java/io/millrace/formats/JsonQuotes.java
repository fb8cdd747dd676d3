package io.millrace.formats;

/** Writes texts as JSON has them. Stateless. */
public final class JsonQuotes {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private JsonQuotes() {}

    /** Appends a text in quotes, of which only what must be escaped is. */
    public static void append(StringBuilder to, String text) {
        to.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                to.append('\\').append(c);
            } else if (c < ' ') {
                to.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
            } else {
                to.append(c);
            }
        }
        to.append('"');
    }
}
