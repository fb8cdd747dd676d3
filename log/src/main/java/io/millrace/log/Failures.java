package io.millrace.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells a full disk from other failures of writing. */
final class Failures {
    /** A disk with less than this to spare is full: the folders and the journal need some of it. */
    private static final long SLACK_BYTES = 64 << 10;

    private Failures() {}

    /**
     * @param path what was written, or the folder of it
     * @param bytes how many bytes were to be written
     * @param what of what, for the message
     */
    static LogException explain(Path path, int bytes, String what, Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        boolean full = message.contains("No space left") || message.contains("quota");
        if (!full && cause instanceof IOException) {
            try {
                // The words of the system may be in any language.
                full = Files.getFileStore(path).getUsableSpace() < bytes + SLACK_BYTES;
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
        return full
                ? new LogFullException(
                        "No space left on the disk for " + bytes + " bytes of " + what + " in " + path
                                + ": nothing was stored; free some space and send again",
                        cause)
                : new LogException(
                        "Writing " + bytes + " bytes of " + what + " in " + path + " failed (" + message
                                + "): nothing was stored",
                        cause);
    }
}
