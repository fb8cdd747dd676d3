package io.millrace.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Runs the real {@code ./millrace} as its users do: a process of its own, seen only through its output and exit code.
 * Immutable.
 *
 * @param script the launcher
 * @param home what {@code MILLRACE_HOME} says
 * @param environment more variables; an empty value unsets one
 */
public record Launcher(Path script, Path home, Map<String, String> environment) {

    private static final long LONGEST_SECONDS = 300;

    /** The launcher of the source tree that the working folder lies in. */
    public static Launcher ofThisTree(Path home) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isExecutable(at.resolve("millrace"))) {
                return new Launcher(at.resolve("millrace"), home, Map.of("MILLRACE_DATABASE_URL", ""));
            }
        }
        throw new IllegalStateException("no ./millrace above " + Path.of("").toAbsolutePath());
    }

    public Launcher with(String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return new Launcher(script, home, more);
    }

    /** What a command printed and how it ended. */
    public record Result(int exitCode, String out, String err) {
        /** Everything, for the message of a test that failed. */
        @Override
        public String toString() {
            return "exit code " + exitCode + "\n--- out\n" + out + "\n--- err\n" + err;
        }
    }

    /** A command under way. */
    public static final class Running implements AutoCloseable {
        private final Process process;
        private final Path out;
        private final Path err;

        private Running(Process process, Path out, Path err) {
            this.process = process;
            this.out = out;
            this.err = err;
        }

        public Process process() {
            return process;
        }

        /** What has been printed so far to the standard error. */
        public String err() {
            return read(err);
        }

        public void signal(String signal) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        }

        /** SIGKILL to the process and, if so wished, to all that it started: its PostgreSQL too then has to recover. */
        public void kill(boolean children) throws InterruptedException {
            List<ProcessHandle> family = children ? process.descendants().toList() : List.of();
            process.destroyForcibly();
            family.forEach(ProcessHandle::destroyForcibly);
            process.waitFor();
            for (ProcessHandle child : family) {
                child.onExit().join();
            }
        }

        public Result await() throws InterruptedException {
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("still running after " + LONGEST_SECONDS + " s:\n" + read(err));
            }
            return new Result(process.exitValue(), read(out), read(err));
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }

        private static String read(Path file) {
            try {
                return Files.readString(file, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public Running start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(script.toString());
        command.addAll(Arrays.asList(arguments));
        Path out = Files.createTempFile("millrace-out", ".txt");
        Path err = Files.createTempFile("millrace-err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Objects.requireNonNull(script.toAbsolutePath().getParent())
                        .toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("MILLRACE_HOME", home.toString());
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        return new Running(builder.start(), out, err);
    }

    /** Runs a command to its end. */
    public Result run(String... arguments) throws IOException, InterruptedException {
        try (Running running = start(arguments)) {
            return running.await();
        }
    }
}
