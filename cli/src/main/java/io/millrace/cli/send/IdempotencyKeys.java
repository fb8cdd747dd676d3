package io.millrace.cli.send;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The name under which a gateway knows a batch: the same for the same batch, another for any other. It is made from the
 * path of the URL, the identity of the input, the range of bytes in it, and the bytes themselves.
 *
 * <p>A request whose answer was lost is sent again under the same key, and so is every batch of a file when the same
 * command is run again after a crash: a gateway that still remembers the key answers as it did the first time and takes
 * nothing twice. That holds as long as the batches are cut in the same way, so for the same file with the same options.
 * It does not hold for the last batch of a file that has grown, since that batch is another one now.
 *
 * <p>The identity of a file is its absolute path and, where the file system has one, its inode: a file that was replaced
 * by another of the same name is another file, and its events are new ones, be they the same bytes. The standard input
 * has no identity, so that its keys hold for one run.
 */
final class IdempotencyKeys {

    /** 128 bits: that two of 2^40 different batches share a key has a chance of one in 2^49. */
    private static final int KEY_BYTES = 16;

    private final byte[] path;

    IdempotencyKeys(URI target) {
        path = (target.getRawPath() + "\0").getBytes(StandardCharsets.UTF_8);
    }

    String of(Batch batch) {
        MessageDigest digest = sha256();
        digest.update(path);
        digest.update((batch.origin().identity() + "\0").getBytes(StandardCharsets.UTF_8));
        long[] positions = batch.positions();
        digest.update(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(positions[0])
                .putLong(positions[batch.size()])
                .array());
        digest.update(batch.bytes());
        return HexFormat.of().formatHex(digest.digest(), 0, KEY_BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }
}
