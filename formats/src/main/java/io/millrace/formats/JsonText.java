package io.millrace.formats;

/**
 * Walks over the values of a JSON text and holds them to RFC 8259, byte for byte, without making anything of them. Its
 * methods take a place in the text and return the place after what they read, or -1 where it is wrong: then {@link #code}
 * and {@link #message} say why. Newlines are whitespace like any other. Not thread-safe.
 */
public final class JsonText {

    private final JsonScanner scanner = new JsonScanner();
    private byte[] bytes = {};
    private int end;

    /**
     * Sets what to read.
     *
     * @param to where the text ends
     */
    public void over(byte[] bytes, int to) {
        this.bytes = bytes;
        end = to;
        scanner.reset(bytes, to, true);
    }

    /** Passes over whitespace. */
    public int space(int p) {
        return scanner.space(p);
    }

    /**
     * Reads the value that begins at {@code p}, all of it.
     *
     * @param depth how many arrays and objects are open around it
     */
    public int value(int p, int depth) {
        return scanner.value(p, depth);
    }

    /**
     * The first place from {@code p}, which is within a string, that has its end, an escape, or anything outside of
     * ASCII; or what no string may have. It may lie beyond the end of the text.
     */
    public int plainEnd(int p) {
        return Words.plainEnd(bytes, p);
    }

    /**
     * Says that something else should be at {@code p}.
     *
     * @param expected what should
     * @return -1
     */
    public int malformed(int p, String expected) {
        return scanner.malformed(p, expected);
    }

    /** Passes over whitespace to the end of the text; anything else is an error. */
    public int end(int p) {
        int at = scanner.space(p);
        return at == end ? at : malformed(at, "nothing more");
    }

    /** What is wrong: {@link ReasonCode#MALFORMED_JSON} or, more exactly, one of its companions. */
    public ReasonCode code() {
        return scanner.errorCode;
    }

    /**
     * Where it is wrong, what was found there (no values) and what was expected.
     *
     * @param from the place from which bytes are counted in the message
     */
    public String message(int from) {
        return scanner.message(from);
    }
}
