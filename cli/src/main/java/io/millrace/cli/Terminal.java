package io.millrace.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;

/**
 * Where a command writes.
 *
 * @param out results, for whoever reads them
 * @param err progress, remarks and errors, for the person who waits
 * @param interactive whether {@code err} is a terminal, on which a line may be written over
 * @param styled whether {@code out} is one, which understands bold and dim
 * @param columns how wide it is
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive, boolean styled, int columns) {

    private static final int USUAL_COLUMNS = 80;
    private static final int OUT_BUFFER_BYTES = 1 << 16;

    /** The terminal of this process. The launcher has looked at both streams: Java can't tell one from the other. */
    static Terminal ofProcess(Map<String, String> environment) {
        boolean dumb = "dumb".equals(environment.get("TERM"));
        return new Terminal(
                stream(FileDescriptor.out, OUT_BUFFER_BYTES, false),
                stream(FileDescriptor.err, 1 << 10, true),
                Boolean.getBoolean("millrace.terminal.err") && !dumb,
                Boolean.getBoolean("millrace.terminal.out") && !dumb && !environment.containsKey("NO_COLOR"),
                columns(environment));
    }

    private static PrintStream stream(FileDescriptor descriptor, int bufferBytes, boolean flushLines) {
        return WatchedStream.of(
                new java.io.BufferedOutputStream(new FileOutputStream(descriptor), bufferBytes), flushLines);
    }

    /**
     * Writes what waits, and tells whether whoever reads {@code out} still does: {@code | head} stops when it has enough.
     *
     * @throws UserException where it can't be written for another reason
     */
    boolean stillRead() throws UserException {
        if (!out.checkError()) {
            return true;
        }
        IOException failure = out instanceof WatchedStream watched ? watched.failure() : null;
        if (failure != null && "Broken pipe".equals(failure.getMessage())) {
            return false;
        }
        throw UserException.failed(
                "the standard output could not be written" + (failure == null ? "" : ": " + failure.getMessage()));
    }

    private static int columns(Map<String, String> environment) {
        String columns = environment.getOrDefault("COLUMNS", "");
        return columns.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(columns) : USUAL_COLUMNS;
    }

    void flush() {
        out.flush();
        err.flush();
    }
}
