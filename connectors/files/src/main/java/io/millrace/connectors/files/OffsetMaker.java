package io.millrace.connectors.files;

import io.millrace.api.Offset;
import io.millrace.connectors.files.FileOffset.Ending;
import io.millrace.connectors.files.FileOffset.Packed;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes the offsets of one split, each with what is needed to know the file again. Used by one thread. */
final class OffsetMaker {
    private final int identity;
    private final boolean packed;
    private final long skip;
    private final boolean withHead;
    /** The checksums of the head, once as much as they cover was read. */
    private @Nullable String head;

    /**
     * @param identity of the file
     * @param packed whether it is compressed
     * @param skip what an earlier generation read of it
     * @param withHead whether the split is the one that keeps the checksums of the head
     */
    OffsetMaker(int identity, boolean packed, long skip, boolean withHead) {
        this.identity = identity;
        this.packed = packed;
        this.skip = skip;
        this.withHead = withHead;
    }

    /** @param finished whether a compressed file has nothing more */
    Offset at(InputWindow window, Ending ending, boolean finished) throws IOException {
        ByteInput in = window.input();
        Packed stood = null;
        if (packed) {
            byte[] bytes = new byte[(int) Math.min(Fingerprint.WINDOW, in.fileBytes())];
            int read = Probe.read(in.channel(), bytes, bytes.length, in.fileBytes() - bytes.length);
            stood = new Packed(in.fileBytes(), Fingerprint.of(bytes, 0, read), finished);
        }
        String known = withHead ? head(in, packed ? in.fileBytes() : window.position()) : "";
        return new FileOffset(window.position(), ending, window.fingerprint(), identity, stood, skip, known).toOffset();
    }

    private String head(ByteInput in, long readSoFar) throws IOException {
        if (head != null) {
            return head;
        }
        byte[] bytes = new byte[(int) Math.min(Fingerprint.WINDOW, readSoFar)];
        int read = Probe.read(in.channel(), bytes, bytes.length, 0);
        String made = Fingerprint.head(bytes, read);
        if (read == Fingerprint.WINDOW) {
            head = made;
        }
        return made;
    }
}
