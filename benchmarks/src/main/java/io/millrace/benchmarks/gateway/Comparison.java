package io.millrace.benchmarks.gateway;

import io.millrace.benchmarks.ScratchFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One event a request on connections that are kept, durable, with a token, beside a server of the same make that does
 * nothing; then NDJSON in batches. The two take turns, so that a slow minute of the machine strikes both. Prints Markdown.
 */
final class Comparison {

    private static final String EVENT =
            "{\"userId\":\"user-12345\",\"name\":\"add_revenue\",\"value\":1234,\"time\":\"2026-11-21T10:00:00Z\"}";
    private static final int BATCH = 1000;

    private Comparison() {}

    private record Options(int rounds, int seconds, int connections, int batchConnections, List<String> java) {

        static Options read(String[] arguments) {
            int rounds = 7;
            int seconds = 6;
            int connections = 128;
            int batchConnections = 8;
            List<String> java = List.of("-Xmx1g", "--enable-native-access=ALL-UNNAMED");
            for (int i = 0; i + 1 < arguments.length; i += 2) {
                String value = arguments[i + 1];
                switch (arguments[i]) {
                    case "--rounds" -> rounds = Integer.parseInt(value);
                    case "--seconds" -> seconds = Integer.parseInt(value);
                    case "--connections" -> connections = Integer.parseInt(value);
                    case "--batch-connections" -> batchConnections = Integer.parseInt(value);
                    case "--java" -> java = Arrays.asList(value.split(" ", -1));
                    default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
                }
            }
            if (arguments.length % 2 != 0) {
                throw new IllegalArgumentException("every option takes a value");
            }
            return new Options(rounds, seconds, connections, batchConnections, java);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Options options;
        try {
            options = Options.read(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("gateway: " + e.getMessage() + ". Options: --rounds N --seconds N --connections N"
                    + " --batch-connections N --java \"OPTIONS\"");
            System.exit(2);
            return;
        }
        if (!Wrk.installed()) {
            System.err.println("gateway: wrk is not installed. On Debian: apt-get install wrk");
            System.exit(2);
        }
        Path folder = Files.createTempDirectory(Path.of(System.getProperty("millrace.work")), "gateway");
        try (ServerProcess idle = ServerProcess.start(IdleServer.class, options.java(), folder.resolve("idle.log"));
                ServerProcess intake = ServerProcess.start(
                        IntakeServer.class,
                        options.java(),
                        folder.resolve("intake.log"),
                        folder.resolve("home").toString())) {
            single(options, folder, idle, intake);
            batches(options, folder, intake);
        } finally {
            ScratchFolder.remove(folder);
        }
    }

    private static void single(Options options, Path folder, ServerProcess idle, ServerProcess intake)
            throws IOException, InterruptedException {
        Wrk wrk = Wrk.posting(
                folder, "event", "application/json", EVENT, intake.token(), options.connections(), options.seconds());
        System.out.println("One event of " + EVENT.length() + " bytes a request, " + options.connections()
                + " connections, " + options.seconds() + " s a run\n");
        System.out.println("| round | idle/s | intake/s | ratio | idle CPU µs | intake CPU µs |");
        System.out.println("|---|---|---|---|---|---|");
        List<Wrk.Score> idles = new ArrayList<>();
        List<Wrk.Score> intakes = new ArrayList<>();
        // The first two warm the compiler up and don't count.
        for (int round = -1; round <= options.rounds(); round++) {
            Wrk.Score first = wrk.run(idle);
            Wrk.Score second = wrk.run(intake);
            if (round > 0) {
                idles.add(first);
                intakes.add(second);
                System.out.println(row(Integer.toString(round), first, second));
            }
        }
        System.out.println(row("median", median(idles), median(intakes)) + "\n");
    }

    private static void batches(Options options, Path folder, ServerProcess intake)
            throws IOException, InterruptedException {
        Wrk wrk = Wrk.posting(
                folder,
                "batch",
                "application/x-ndjson",
                (EVENT + "\n").repeat(BATCH),
                intake.token(),
                options.batchConnections(),
                options.seconds());
        System.out.println("NDJSON in batches of " + BATCH + ", " + options.batchConnections() + " connections\n");
        System.out.println("| round | events/s | CPU µs an event |");
        System.out.println("|---|---|---|");
        List<Wrk.Score> scores = new ArrayList<>();
        for (int round = 0; round <= options.rounds(); round++) {
            Wrk.Score score = wrk.run(intake);
            if (round > 0) {
                scores.add(score);
                System.out.println(batchRow(Integer.toString(round), score));
            }
        }
        System.out.println(batchRow("median", median(scores)));
    }

    private static String row(String name, Wrk.Score idle, Wrk.Score intake) {
        return String.format(
                "| %s | %.0f | %.0f | %.2f | %.1f | %.1f |",
                name,
                idle.perSecond(),
                intake.perSecond(),
                intake.perSecond() / idle.perSecond(),
                idle.serverMicros(),
                intake.serverMicros());
    }

    private static String batchRow(String name, Wrk.Score score) {
        return String.format("| %s | %.0f | %.3f |", name, score.perSecond() * BATCH, score.serverMicros() / BATCH);
    }

    private static Wrk.Score median(List<Wrk.Score> scores) {
        return new Wrk.Score(median(scores, Wrk.Score::perSecond), median(scores, Wrk.Score::serverMicros));
    }

    private static double median(List<Wrk.Score> scores, ToDoubleFunction<Wrk.Score> figure) {
        return scores.stream().mapToDouble(figure).sorted().toArray()[scores.size() / 2];
    }
}
