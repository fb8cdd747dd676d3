package io.millrace.benchmarks.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server of this comparison, in a process of its own, with the same Java and the same options as the other. */
final class ServerProcess implements AutoCloseable {

    private final Process process;
    private final int port;
    private final String token;

    private ServerProcess(Process process, int port, String token) {
        this.process = process;
        this.port = port;
        this.token = token;
    }

    /** Starts the server of a class that prints its port, and a token where it has one. */
    static ServerProcess start(Class<?> main, List<String> options, Path errors, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = reader.readLine();
        if (line == null) {
            process.destroy();
            throw new IOException(main.getSimpleName() + " did not start; see " + errors);
        }
        String[] words = line.split(" ", 2);
        return new ServerProcess(process, Integer.parseInt(words[0]), words.length < 2 ? "none" : words[1]);
    }

    int port() {
        return port;
    }

    String token() {
        return token;
    }

    /** Processor time taken so far, in microseconds. */
    long cpuMicros() {
        return process.info().totalCpuDuration().orElseThrow().toNanos() / 1000;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
