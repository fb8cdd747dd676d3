package io.millrace.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A print stream that knows why it could not write, which Java's own keeps to itself. */
final class WatchedStream extends PrintStream {

    private final Watch watch;

    private WatchedStream(Watch watch, boolean flushLines) {
        super(watch, flushLines, StandardCharsets.UTF_8);
        this.watch = watch;
    }

    static WatchedStream of(OutputStream out, boolean flushLines) {
        return new WatchedStream(new Watch(out), flushLines);
    }

    /** Why something could not be written, the first time; null while everything could. */
    @Nullable
    IOException failure() {
        return watch.failure;
    }

    private interface Write {
        void run() throws IOException;
    }

    private static final class Watch extends FilterOutputStream {
        private volatile @Nullable IOException failure;

        Watch(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            watched(() -> out.write(one));
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            watched(() -> out.write(bytes, from, length));
        }

        @Override
        public void flush() throws IOException {
            watched(out::flush);
        }

        private void watched(Write write) throws IOException {
            try {
                write.run();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                }
                throw e;
            }
        }
    }
}
