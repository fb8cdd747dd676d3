package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.Lines;
import io.millrace.log.Log;
import io.millrace.log.LogOptions;
import io.millrace.log.StreamWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace log}, on a real log that is open for writing all the while, as a server has it. */
class LogCommandsTest {

    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path home;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);

    @SuppressWarnings("NullAway.Init") // set before each test
    private Log log;

    @SuppressWarnings("NullAway.Init") // set before each test
    private StreamWriter clicks;

    @BeforeEach
    void openLog() throws IOException {
        log = Log.openForWriting(home.resolve("log"), LogOptions.DEFAULTS.withSegmentBytes(100), now::get, event -> {});
        clicks = log.writer("clicks", 2);
    }

    @AfterEach
    void closeLog() throws IOException {
        log.close();
    }

    /** One append of some records of one digit, which take 8 bytes each. */
    private void append(int partition, int from, int to, String client) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < to; i++) {
            lines.append("{\"n\":").append(i).append("}\n");
        }
        clicks.append(partition, client, null, Lines.of(lines.toString().getBytes(StandardCharsets.UTF_8), to - from));
        now.updateAndGet(instant -> instant.plusSeconds(1));
    }

    private Captured command(String... args) {
        return Captured.of(Map.of("MILLRACE_HOME", home.toString()), args);
    }

    private Captured done(String... args) {
        Captured done = command(args);
        assertThat(done.exitCode()).as(done.toString()).isEqualTo(ExitCode.DONE);
        return done;
    }

    @Test
    void segmentsAreListedWithWhatTheyHold() throws Exception {
        append(0, 0, 10, "demo");
        append(0, 0, 5, "demo");
        append(1, 0, 1, "demo");
        log.writer("views", 1);

        assertThat(done("log", "ls").out())
                .containsPattern("stream +partition +offset +bytes +records +first +last")
                .containsPattern("clicks +0-0 +0 +80 +10 +2026-11-21T10:00:00Z +2026-11-21T10:00:00Z")
                .containsPattern("clicks +0-0 +80 +40 +5 +2026-11-21T10:00:01Z +2026-11-21T10:00:01Z")
                .containsPattern("clicks +0-1 +0 +8 +1 +2026-11-21T10:00:02Z +2026-11-21T10:00:02Z");
        assertThat(done("log", "ls", "clicks", "--format", "csv").out()).isEqualTo("""
                        stream,partition,offset,bytes,records,first,last\r
                        clicks,0-0,0,80,10,2026-11-21T10:00:00Z,2026-11-21T10:00:00Z\r
                        clicks,0-0,80,40,5,2026-11-21T10:00:01Z,2026-11-21T10:00:01Z\r
                        clicks,0-1,0,8,1,2026-11-21T10:00:02Z,2026-11-21T10:00:02Z\r
                        """);
        assertThat(done("log", "ls", "clicks", "--format", "json").out()).contains("\"offset\":80,\"bytes\":40");
    }

    @Test
    void recordsArePrintedAsTheyAre() throws Exception {
        append(0, 0, 2, "demo");
        append(1, 7, 8, "shop");

        assertThat(done("log", "cat", "clicks").out()).isEqualTo("{\"n\":0}\n{\"n\":1}\n{\"n\":7}\n");
        assertThat(done("log", "cat", "clicks", "--partition", "0-1").out()).isEqualTo("{\"n\":7}\n");
        assertThat(done("log", "cat", "clicks", "--with-source").out()).isEqualTo("""
                        0-0\t0\t2026-11-21T10:00:00Z\tdemo\t{"n":0}
                        0-0\t8\t2026-11-21T10:00:00Z\tdemo\t{"n":1}
                        0-1\t0\t2026-11-21T10:00:01Z\tshop\t{"n":7}
                        """);
    }

    @Test
    void readingBeginsWhereItIsToldTo() throws Exception {
        append(0, 0, 2, "demo");
        append(0, 2, 3, "demo");

        assertThat(done("log", "cat", "clicks", "--from", "latest").out()).isEmpty();
        assertThat(done("log", "cat", "clicks", "--from", "2026-11-21T11:00:01+01:00")
                        .out())
                .isEqualTo("{\"n\":2}\n");
        assertThat(done("log", "cat", "clicks", "--from", "8", "--partition", "0-0")
                        .out())
                .isEqualTo("{\"n\":1}\n{\"n\":2}\n");

        Captured unclear = command("log", "cat", "clicks", "--from", "8");
        assertThat(unclear.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(unclear.err()).contains("choose one of 0-0, 0-1 with --partition");
        Captured inside = command("log", "cat", "clicks", "--from", "3", "--partition", "0-0");
        assertThat(inside.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(inside.err()).contains("inside a line");
        Captured after = command("log", "cat", "clicks", "--from", "300", "--partition", "0-0");
        assertThat(after.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(after.err()).contains("300").doesNotContain("Exception");
    }

    @Test
    void followingPrintsWhatArrivesAndEndsWhenNobodyReads() throws Exception {
        append(0, 0, 1, "demo");
        Reader reader = new Reader(4);
        CompletableFuture<Integer> cat = reader.start("log", "cat", "clicks", "--follow");
        reader.await(1);

        append(1, 1, 2, "demo");
        reader.await(2);
        // Another process takes another slot; its partitions are followed when they are there.
        try (Log other = Log.openForWriting(home.resolve("log"), LogOptions.DEFAULTS, now::get, event -> {});
                StreamWriter writer = other.writer("clicks", 1)) {
            writer.append(0, "demo", null, Lines.of("{\"n\":2}\n".getBytes(StandardCharsets.UTF_8), 1));
            reader.await(3);
        }
        append(0, 3, 4, "demo");
        reader.await(4);
        append(0, 4, 5, "demo");

        assertThat(cat.get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.DONE);
        assertThat(reader.text()).isEqualTo("{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
        assertThat(reader.err()).isEmpty();
    }

    @Test
    void followingFromTheEndLeavesOutWhatWasThere() throws Exception {
        append(0, 0, 5, "demo");
        Reader reader = new Reader(1);
        CompletableFuture<Integer> cat =
                reader.start("log", "cat", "clicks", "--follow", "--from", "latest", "--partition", "0-0");
        // Nothing tells from outside when it has found the end, so what arrives goes on until something is printed.
        for (int i = 5; !cat.isDone(); i = i == 9 ? 5 : i + 1) {
            append(0, i, i + 1, "demo");
        }

        assertThat(cat.get()).isEqualTo(ExitCode.DONE);
        assertThat(reader.text()).matches("\\{\"n\":[5-9]}\n");
    }

    @Test
    void whatCantBeWrittenForAnotherReasonIsTold() throws Exception {
        append(0, 0, 2, "demo");
        Reader full = new Reader(0, "No space left on device");

        assertThat(full.start("log", "cat", "clicks").get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.FAILED);
        assertThat(full.err()).contains("the standard output could not be written: No space left on device");
        Reader closed = new Reader(0);
        assertThat(closed.start("log", "cat", "clicks").get(30, TimeUnit.SECONDS))
                .isEqualTo(ExitCode.DONE);
        assertThat(closed.err()).isEmpty();
    }

    @Test
    void aSoundLogIsToldSo() throws Exception {
        append(0, 0, 10, "demo");
        append(0, 0, 5, "demo");

        assertThat(done("log", "verify").out())
                .contains("clicks/0-0: sound; 15 records, 120 B in 2 chunks", "clicks/0-1: sound; 0 records");
        assertThat(done("log", "verify", "clicks").err()).isEmpty();
    }

    @Test
    void damageIsToldWithItsPlaceAndLeftOut() throws Exception {
        append(0, 0, 10, "demo");
        append(0, 3, 6, "demo");
        append(0, 6, 7, "demo");
        Path second = home.resolve("log/clicks/0-0/00000000000000000080.ndjson");
        Files.writeString(second, Files.readString(second).replace("{\"n\":4}", "{\"n\":9}"));

        Captured verified = command("log", "verify", "clicks");
        assertThat(verified.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(verified.out())
                .contains("clicks/0-0: DAMAGED; 11 records")
                .contains("  offset 80 (byte 0 of segment 80), 24 bytes, 3 records: the bytes have CRC-32C");
        assertThat(verified.err()).contains("millrace: 1 damaged stretch in " + home.resolve("log"));

        Captured cat = command("log", "cat", "clicks", "--from", "80", "--partition", "0-0");
        assertThat(cat.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(cat.out()).isEqualTo("{\"n\":6}\n");
        assertThat(cat.err()).contains("clicks/0-0: damaged at offset 80, 24 bytes left out");
    }

    @Test
    void whatIsNotThereIsToldWithWhatIs() {
        Captured stream = command("log", "cat", "clocks");
        assertThat(stream.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(stream.err()).contains("there is no stream 'clocks'", "it has clicks");
        assertThat(command("log", "ls", "clocks").err()).contains("it has clicks");
        assertThat(command("log", "verify", "clocks").err()).contains("it has clicks");
        assertThat(command("log", "cat", "clicks", "--partition", "7-7").err()).contains("it has 0-0, 0-1");

        for (String part : new String[] {"ls", "verify"}) {
            Captured nowhere =
                    command("log", part, "--home", home.resolve("nowhere").toString());
            assertThat(nowhere.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(nowhere.err()).contains("nothing has been received yet", "nowhere");
        }
    }

    /** Reads a number of lines and then closes its end of the pipe. */
    private final class Reader extends OutputStream {
        private final int lines;
        private final String reason;
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        private int read;

        Reader(int lines) {
            this(lines, "Broken pipe");
        }

        Reader(int lines, String reason) {
            this.lines = lines;
            this.reason = reason;
        }

        CompletableFuture<Integer> start(String... args) {
            Terminal terminal = new Terminal(
                    WatchedStream.of(this, false),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    false,
                    false,
                    80);
            CompletableFuture<Integer> ended = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    ended.complete(Main.execute(terminal, Map.of("MILLRACE_HOME", home.toString()), args));
                } catch (RuntimeException | Error e) {
                    ended.completeExceptionally(e);
                }
            });
            return ended;
        }

        @Override
        public synchronized void write(int b) throws IOException {
            if (read == lines) {
                throw new IOException(reason);
            }
            text.append((char) b);
            if (b == '\n') {
                read++;
                notifyAll();
            }
        }

        synchronized void await(int wanted) throws InterruptedException {
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (read < wanted && System.nanoTime() < deadline) {
                wait(100);
            }
            assertThat(read).isGreaterThanOrEqualTo(wanted);
        }

        synchronized String text() {
            return text.toString();
        }

        String err() {
            return err.toString(StandardCharsets.UTF_8);
        }
    }
}
