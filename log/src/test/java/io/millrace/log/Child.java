package io.millrace.log;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An {@link Appender} in a process of its own. */
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final int slot;
    private final List<String> acknowledged = new ArrayList<>();

    Child(Path log, String name) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Appender.class.getName(),
                        log.toString(),
                        name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
        slot = Integer.parseInt(output.readLine());
    }

    int slot() {
        return slot;
    }

    void awaitAcknowledgements(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            acknowledged.add(output.readLine());
        }
    }

    /** Kills it with SIGKILL and returns every record that it has had acknowledged. */
    List<String> kill() throws IOException, InterruptedException {
        // By its handle: the process itself would close its output, which still has acknowledgements.
        process.toHandle().destroyForcibly();
        String text = output.readAllAsString();
        int whole = text.lastIndexOf('\n') + 1;
        acknowledged.addAll(text.substring(0, whole).lines().toList());
        process.waitFor();
        return acknowledged;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
