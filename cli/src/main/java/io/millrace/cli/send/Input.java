package io.millrace.cli.send;

import java.io.InputStream;
import java.nio.file.Path;

/** What is to be sent. */
public sealed interface Input {

    /** A file, compressed or not. A pipe or a device will do too; it is read once, as the standard input is. */
    record File(Path path) implements Input {}

    /**
     * The standard input, or what stands for it.
     *
     * @param stream is read by a thread of its own, and is not closed
     */
    record Standard(InputStream stream) implements Input {}
}
