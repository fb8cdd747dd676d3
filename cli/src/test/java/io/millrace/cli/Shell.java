package io.millrace.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Programs run as a user's shell runs them, in a folder that stands in for the root of the tree: with the launcher, the
 * examples, and no {@code data} yet.
 */
final class Shell implements AutoCloseable {

    private static final long LONGEST_SECONDS = 300;

    private final Path folder;

    private Shell(Path folder) {
        this.folder = folder;
    }

    /** @param folder an empty one */
    static Shell in(Path folder) throws IOException {
        Files.createSymbolicLink(folder.resolve("millrace"), root().resolve("millrace"));
        copy(root().resolve("examples"), folder.resolve("examples"));
        return new Shell(folder);
    }

    /** The root of the source tree. */
    static Path root() {
        return Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    }

    Path folder() {
        return folder;
    }

    /** What a program printed, both streams in one, and how it ended. */
    record Outcome(int exitCode, String printed) {}

    Outcome run(String... command) throws IOException, InterruptedException {
        Process process = start(command);
        String printed;
        try (InputStream stream = process.getInputStream()) {
            printed = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(List.of(command) + " does not end");
        }
        return new Outcome(process.exitValue(), printed);
    }

    Process start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        Map<String, String> environment = builder.environment();
        environment.remove("MILLRACE_HOME");
        environment.remove("MILLRACE_DATABASE_URL");
        return builder.start();
    }

    /** Takes the link away that leads out of the folder, before the folder is cleared. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(folder.resolve("millrace"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
