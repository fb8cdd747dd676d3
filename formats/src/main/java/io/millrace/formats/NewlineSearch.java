package io.millrace.formats;

/** Looks for the ends of lines, eight bytes at a time. */
public final class NewlineSearch {

    private NewlineSearch() {}

    /** The first newline in {@code bytes[from..to)}, or {@code to}. */
    public static int next(byte[] bytes, int from, int to) {
        return Words.newline(bytes, from, to);
    }
}
