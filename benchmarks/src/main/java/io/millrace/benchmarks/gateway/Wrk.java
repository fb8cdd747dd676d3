package io.millrace.benchmarks.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The load generator, a program of its own: {@code wrk}, with one kind of request on all connections.
 *
 * @param script tells wrk what to send
 * @param connections kept open, each with one request under way
 * @param seconds of each run
 */
record Wrk(Path script, int connections, int seconds) {

    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern COUNT = Pattern.compile("([0-9]+) requests in");
    private static final Pattern WRONG = Pattern.compile("(Non-2xx.*|Socket errors.*)");

    /**
     * What a run came to.
     *
     * @param perSecond requests answered
     * @param serverMicros of processor that the server took for each
     */
    record Score(double perSecond, double serverMicros) {}

    static boolean installed() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("wrk", "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getInputStream().readAllBytes();
            process.waitFor();
            return true;
        } catch (IOException e) {
            // It could not be started: it is not there.
            return false;
        }
    }

    /** Writes the script for a body. */
    static Wrk posting(Path folder, String name, String type, String body, String token, int connections, int seconds)
            throws IOException {
        Path script = folder.resolve(name + ".lua");
        Files.writeString(
                script,
                "wrk.method = \"POST\"\nwrk.body = [[" + body + "]]\nwrk.headers[\"Content-Type\"] = \"" + type
                        + "\"\nwrk.headers[\"Authorization\"] = \"Bearer " + token + "\"\n");
        return new Wrk(script, connections, seconds);
    }

    /** @throws IOException where not every request was answered with 2xx */
    Score run(ServerProcess server) throws IOException, InterruptedException {
        long before = server.cpuMicros();
        Process process = new ProcessBuilder(List.of(
                        "wrk",
                        "-t2",
                        "-c" + connections,
                        "-d" + seconds + "s",
                        "-s",
                        script.toString(),
                        "http://127.0.0.1:" + server.port() + "/events"))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        long cpu = server.cpuMicros() - before;
        Matcher rate = RATE.matcher(said);
        Matcher count = COUNT.matcher(said);
        if (!rate.find() || !count.find() || WRONG.matcher(said).find()) {
            throw new IOException("wrk says:\n" + said);
        }
        return new Score(Double.parseDouble(rate.group(1)), cpu / Double.parseDouble(count.group(1)));
    }
}
