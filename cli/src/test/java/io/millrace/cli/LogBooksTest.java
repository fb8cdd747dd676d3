package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.Lines;
import io.millrace.log.Log;
import io.millrace.log.LogOptions;
import io.millrace.log.StreamWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code millrace ledger} and {@code millrace trace} of pipelines that read the event log. */
class LogBooksTest extends WithDatabase {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @BeforeEach
    void writePipeline() throws Exception {
        Files.writeString(pipeline(), """
                pipeline: %1$s
                from:
                  http: { path: /%1$s }
                contract:
                  schema: schema.json
                  on_violation: drop
                dedupe: { key: [id], within: 1d }
                transform: |
                  SELECT kind, COUNT(*) AS events FROM input WHERE kind <> 'ping' GROUP BY kind
                into:
                  postgres: { table: %1$s, key: [kind] }
                """.formatted(name));
        Files.writeString(folder.resolve("schema.json"), """
                {"type":"object","required":["id","kind"],
                 "properties":{"id":{"type":"integer"},"kind":{"type":"string"}}}
                """);
    }

    private Path pipeline() {
        return folder.resolve("pipeline.yaml");
    }

    /** Appends records, in one chunk. */
    private void post(String client, String... records) throws Exception {
        try (Log log = Log.openForWriting(
                        home.resolve("log"), LogOptions.DEFAULTS, InstantSource.fixed(NOW), event -> {});
                StreamWriter stream = log.writer(name, 1)) {
            byte[] lines = (String.join("\n", records) + "\n").getBytes(StandardCharsets.UTF_8);
            stream.append(0, client, null, Lines.of(lines, records.length));
        }
    }

    private Captured run() {
        return command("run", pipeline().toString());
    }

    private Captured ledger() {
        return command("ledger", pipeline().toString());
    }

    private Captured trace(String... which) {
        List<String> args =
                new ArrayList<>(List.of("trace", "--pipeline", pipeline().toString()));
        args.addAll(List.of(which));
        return command(args.toArray(String[]::new));
    }

    @Test
    void whatWasReceivedIsWhatTheLogHas() throws Exception {
        post("ann", "{\"id\":1,\"kind\":\"open\"}", "{\"id\":2,\"kind\":\"ping\"}");
        post("bob", "{\"id\":3,\"kind\":\"open\"}");
        assertThat(run().exitCode()).isEqualTo(ExitCode.DONE);

        assertThat(ledger().out())
                .contains("/0-0: 3 records up to offset 69, 3 received.", "The books balance")
                .contains("the sum of its column events is 2, 2 records loaded");
        assertThat(command("ledger", name).out()).contains("/0-0 not compared", "came all with its first commit");

        // The ledger itself balances; only the log knows better.
        sql("UPDATE millrace.ledger SET received = received + 1, filtered = filtered + 1 WHERE pipeline = '" + name
                + "'");
        Captured falsified = ledger();
        assertThat(falsified.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(falsified.err())
                .contains(
                        "the source has 3 records up to offset 69, and the commits say that 4 were received: 1 too many");
        assertThat(command("ledger", name).exitCode()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void byItsNameAPipelineIsComparedFromItsSecondCommitOn() throws Exception {
        post("ann", "{\"id\":1,\"kind\":\"open\"}", "{\"id\":2,\"kind\":\"ping\"}");
        assertThat(run().exitCode()).isEqualTo(ExitCode.DONE);
        post("bob", "{\"id\":3,\"kind\":\"open\"}");
        assertThat(run().exitCode()).isEqualTo(ExitCode.DONE);

        assertThat(command("ledger", name).out())
                .contains("/0-0: 1 record from offset 46 up to offset 69, 1 received.", "The books balance");
    }

    @Test
    void whatWasDamagedBeforeItWasReadIsNotCompared() throws Exception {
        post("ann", "{\"id\":1,\"kind\":\"open\"}", "{\"id\":2,\"kind\":\"open\"}");
        post("ann", "{\"id\":3,\"kind\":\"open\"}");
        damage(5);
        assertThat(run().exitCode()).isEqualTo(ExitCode.DONE);

        Captured ledger = ledger();
        assertThat(ledger.exitCode()).as(ledger.toString()).isEqualTo(ExitCode.DONE);
        assertThat(ledger.out()).contains("received 2 = ", "not compared: the log is damaged there");
    }

    private void damage(long offset) throws IOException {
        Path data = home.resolve("log/" + name + "/0-0/00000000000000000000.ndjson");
        try (FileChannel channel = FileChannel.open(data, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'7'}), offset);
        }
    }

    @Test
    void aTraceTellsWhoSentARecordAndWhatBecameOfIt() throws Exception {
        post("ann", "{\"id\":1,\"kind\":\"open\"}", "{\"id\":2,\"kind\":\"ping\"}");
        post("bob", "{\"id\":1,\"kind\":\"open\"}", "{\"id\":3,\"kind\":12345 }");
        assertThat(run().exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(ledger().out())
                .contains("received 4 = loaded 1 + filtered 1 + deduplicated 1 + quarantined 0 + dropped 1");

        assertThat(trace("--where", "id = 1").out())
                .contains("received    2026-11-21T10:00:00Z from ann", "received    2026-11-21T10:00:00Z from bob")
                .contains("contract    it fits", "makes the row kind = open, events = 1")
                .contains("now has kind = open, events = 1")
                .contains("dedupe      it was loaded, or it is the one of its commit that repeats");
        assertThat(trace("--where", "kind = 'ping'").out()).contains("at 23", "left out by WHERE");
        String split = ledger().out()
                .lines()
                .filter(line -> line.startsWith("Source "))
                .findFirst()
                .orElseThrow()
                .split(" ", -1)[1]
                .replaceAll(":$", "");
        assertThat(trace("--at", split + ":69").out())
                .contains(split + " at 69", "it breaks it and is dropped, as on_violation says");
        Captured nowhere = trace("--at", split + ":70");
        assertThat(nowhere.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(nowhere.err()).contains("no record begins at 70 of the split " + split);
    }
}
