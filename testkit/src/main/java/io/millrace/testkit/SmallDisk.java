package io.millrace.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system that is soon full: a {@code tmpfs} of its own, mounted until it is closed. Needs root. */
public final class SmallDisk implements AutoCloseable {

    private static final int BLOCK = 1 << 16;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** Whether this process may mount one. */
    public static boolean possible(Path scratch) throws IOException {
        Path folder = Files.createTempDirectory(scratch, "mount");
        if (run(List.of("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.toString())) != 0) {
            return false;
        }
        new SmallDisk(folder).close();
        return true;
    }

    /** @param folder is created; the disk is mounted there */
    public static SmallDisk mount(Path folder, int megabytes) throws IOException {
        Files.createDirectories(folder);
        if (run(List.of("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString())) != 0) {
            throw new IOException("no tmpfs could be mounted at " + folder);
        }
        return new SmallDisk(folder);
    }

    public Path folder() {
        return folder;
    }

    /** Fills the disk but for some bytes with a file, which is returned: to delete it is to make room again. */
    public Path fill(long leave) throws IOException {
        Path filler = folder.resolve("filler");
        long bytes = Files.getFileStore(folder).getUsableSpace() - leave;
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] block = new byte[BLOCK];
            for (long left = bytes; left > 0; left -= BLOCK) {
                out.write(block, 0, (int) Math.min(left, BLOCK));
            }
        }
        return filler;
    }

    /** Also where something still has files open there: the disk is gone when they are closed. */
    @Override
    public void close() {
        try {
            run(List.of("umount", "--lazy", folder.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.onExit().join().exitValue();
        if (exitCode != 0) {
            System.getLogger(SmallDisk.class.getName()).log(System.Logger.Level.INFO, said.strip());
        }
        return exitCode;
    }
}
