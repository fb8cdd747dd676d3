package io.millrace.cli.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.send.ScriptedGateway.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever a gateway does, each line is taken once or kept once. */
class SendingPropertiesTest {

    @Property(tries = 150)
    void everyLineIsTakenOnceOrKept(
            @ForAll @IntRange(max = 120) int events,
            @ForAll @IntRange(min = 1, max = 40) int batch,
            @ForAll @IntRange(min = 1, max = 5) int parallel,
            @ForAll boolean single,
            @ForAll boolean compress,
            @ForAll long seed)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("send");
        try (ScriptedGateway gateway = new ScriptedGateway(new Moods(seed)::reply)) {
            Path file = folder.resolve("events.jsonl");
            List<String> lines = IntStream.range(0, events)
                    .mapToObj(i -> "{\"i\":" + i + "}")
                    .toList();
            Files.write(file, lines);
            Trial trial = Trial.to(gateway).file(file).batch(batch).parallel(parallel);
            SendSummary summary = (compress ? trial.compress() : single ? trial.single() : trial).run();

            List<String> kept = new ArrayList<>();
            Path unsent = folder.resolve("events.unsent.jsonl");
            if (Files.exists(unsent)) {
                kept.addAll(Files.readAllLines(unsent));
            }
            assertThat(Stream.concat(gateway.lines().stream(), kept.stream()).toList())
                    .containsExactlyInAnyOrderElementsOf(lines);
            assertThat(summary.counts().kept()).isEqualTo(kept.size());
            assertThat(summary.counts().accepted()).isEqualTo(gateway.count());
            assertThat(summary.counts().sent()).isEqualTo(events);
            assertThat(summary.counts().refused()).isEqualTo(kept.size());
        } finally {
            delete(folder);
        }
    }

    @Property(tries = 100)
    void aRunThatWasStoppedAnywhereIsGoneOnWithAndNothingIsTakenTwice(
            @ForAll @IntRange(min = 1, max = 120) int events,
            @ForAll @IntRange(min = 1, max = 40) int batch,
            @ForAll @IntRange(min = 1, max = 5) int parallel,
            @ForAll @IntRange(min = 1, max = 20) int stopAt,
            @ForAll long seed)
            throws Exception {
        Path folder = Files.createTempDirectory("send");
        Moods moods = new Moods(seed);
        CompletableFuture<Void> stop = new CompletableFuture<>();
        try (ScriptedGateway gateway = new ScriptedGateway(request -> {
            if (request.number() == stopAt) {
                stop.complete(null);
            }
            return request.lines().size() > 10 ? ScriptedGateway.status(413) : moods.passing();
        })) {
            Path file = folder.resolve("events.jsonl");
            List<String> lines = IntStream.range(0, events)
                    .mapToObj(i -> "{\"i\":" + i + "}")
                    .toList();
            Files.write(file, lines);
            try (Trial first = Trial.to(gateway).file(file).batch(batch).parallel(parallel)) {
                CompletableFuture<SendSummary> running = first.start();
                CompletableFuture.anyOf(stop, running).get(30, TimeUnit.SECONDS);
                first.sending().stop();
                running.get(30, TimeUnit.SECONDS);
            }
            SendSummary second =
                    Trial.to(gateway).file(file).batch(batch).parallel(parallel).run();

            assertThat(gateway.lines()).containsExactlyInAnyOrderElementsOf(lines);
            assertThat(second.counts().accepted()).isEqualTo(events);
            assertThat(second.counts().kept()).isZero();
        } finally {
            delete(folder);
        }
    }

    /** A gateway that is in another mood for each request. */
    private static final class Moods {

        private final Random random;

        private Moods(long seed) {
            random = new Random(seed);
        }

        private synchronized Reply reply(ScriptedGateway.Request request) {
            int size = request.lines().size();
            return switch (random.nextInt(14)) {
                case 0 -> new Reply.TakeAndBreak();
                case 1 -> new Reply.Break();
                case 2 -> ScriptedGateway.status(503);
                case 3 -> ScriptedGateway.status(500);
                case 4 -> new Reply.Status(429, Map.of("Retry-After", "0"), "");
                case 5 -> ScriptedGateway.status(413);
                case 6 -> ScriptedGateway.problem(422, "No", "");
                case 7 -> ScriptedGateway.status(404);
                case 8 -> new Reply.Take(List.of(1 + random.nextInt(size)));
                case 9 -> new Reply.Status(202, Map.of(), "{");
                default -> ScriptedGateway.TAKE;
            };
        }

        /** What a gateway does that will take everything in the end. */
        private synchronized Reply passing() {
            return switch (random.nextInt(6)) {
                case 0 -> new Reply.TakeAndBreak();
                case 1 -> new Reply.Break();
                case 2 -> ScriptedGateway.status(503);
                default -> ScriptedGateway.TAKE;
            };
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
