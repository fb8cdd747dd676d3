package io.millrace.connectors.files;

/**
 * The sizes that govern how a file is read.
 *
 * @param rangeBytes how long a range is. Never changed between versions and not derived from a file's size: range 7 of
 *     a file must mean the same bytes in every run.
 * @param bufferBytes how much is read at a time
 * @param maxRecordBytes the longest record that is taken, its terminator left out
 */
record Sizes(long rangeBytes, int bufferBytes, int maxRecordBytes) {
    static final long RANGE = 16L << 20;
    static final int BUFFER = 1 << 20;

    static Sizes of(int maxRecordBytes) {
        return new Sizes(RANGE, BUFFER, maxRecordBytes);
    }
}
