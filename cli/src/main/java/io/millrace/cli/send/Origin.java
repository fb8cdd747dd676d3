package io.millrace.cli.send;

import java.nio.file.Path;

/**
 * One reading of one input, from its beginning to its end.
 *
 * @param name what the user calls it
 * @param identity the same for the same input when it is read again; see {@link IdempotencyKeys}
 * @param unsent where its records are kept that could not be sent
 * @param rereadable whether what was not read is still there when this process has ended
 */
record Origin(String name, String identity, Path unsent, boolean rereadable) {}
