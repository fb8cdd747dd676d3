package io.millrace.cli.send;

/** What there is to read of an input at the moment. */
sealed interface Piece {

    /** The next bytes; the array is the reader's until it asks for the next piece. */
    record Bytes(byte[] bytes, int length) implements Piece {}

    /** Nothing yet. */
    record Nothing() implements Piece {}

    /** Nothing any more. */
    record End() implements Piece {}
}
