package io.millrace.cli.send;

/**
 * How far the sending has come.
 *
 * @param bytes how many bytes of the inputs were read, as they are on disk
 * @param totalBytes how many there are to read; -1 where that can't be known
 * @param events how many events have their answer, whatever it was
 * @param refused how many of these the gateway refused
 * @param kept how many events could not be sent or were refused, and are kept
 * @param retries how many requests were repeated
 */
public record Progress(long bytes, long totalBytes, long events, long refused, long kept, long retries) {}
