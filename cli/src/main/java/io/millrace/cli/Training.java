package io.millrace.cli;

import io.millrace.log.Lines;
import io.millrace.log.Log;
import io.millrace.log.LogOptions;
import io.millrace.log.StreamWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the JDK learns from when the AOT cache is made: one process that does what users do. Classes that it loads are in
 * the cache, and methods that it runs often are compiled early in every later process.
 *
 * <p>{@code Training SCRATCH_FOLDER PIPELINE_FILE [--without-database]}
 */
final class Training {

    private static final String EVENTS = "300000";
    private static final String USERS = "20000";
    private static final int TOKENS = 5;
    private static final int RECORDS = 1000;

    private final Terminal terminal;
    private final Map<String, String> environment;

    private Training(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    public static void main(String[] args) throws IOException {
        Path scratch = Path.of(args[0]);
        String pipeline = args[1];
        boolean database = !Arrays.asList(args).contains("--without-database");
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.remove("MILLRACE_DATABASE_URL");
        environment.put("MILLRACE_HOME", scratch.resolve("home").toString());
        Terminal terminal = Terminal.ofProcess(environment);
        Training training = new Training(terminal, environment);
        training.without(scratch, pipeline);
        training.home(scratch.resolve("home"));
        if (database) {
            training.with(scratch, pipeline);
        }
        terminal.flush();
        System.exit(ExitCode.DONE);
    }

    private void without(Path scratch, String pipeline) throws IOException {
        expect(ExitCode.DONE, "version");
        expect(ExitCode.DONE, "--help");
        expect(ExitCode.DONE, "lint", pipeline);
        Path wrong = Files.writeString(
                scratch.resolve("wrong.yaml"),
                Files.readString(Path.of(pipeline)).replace("userId AS", "userIds AS"));
        expect(ExitCode.USAGE, "lint", wrong.toString());
        expect(
                ExitCode.DONE,
                "generate",
                "revenue",
                "--events",
                EVENTS,
                "--users",
                USERS,
                "--out",
                events(scratch).toString());
    }

    /** What is done with a home folder that needs no database: clients, tokens and the event log. */
    private void home(Path home) throws IOException {
        expect(ExitCode.DONE, "config");
        expect(ExitCode.DONE, "client", "add", "demo", "--scope", "events:write,data:read");
        expect(ExitCode.DONE, "client", "ls");
        for (int i = 0; i < TOKENS; i++) {
            expect(ExitCode.DONE, "token", "--client", "demo");
        }
        byte[] lines = "{\"userId\":\"user1\",\"name\":\"add_revenue\",\"value\":1}\n"
                .repeat(RECORDS)
                .getBytes(StandardCharsets.UTF_8);
        try (Log log = Log.openForWriting(
                        home.resolve("log"), LogOptions.DEFAULTS, InstantSource.system(), event -> {});
                StreamWriter stream = log.writer("liveEvent", 1)) {
            stream.append(0, "demo", null, Lines.of(lines, RECORDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the training", e);
        }
        expect(ExitCode.DONE, "log", "ls");
        expect(ExitCode.DONE, "log", "cat", "liveEvent", "--with-source");
        expect(ExitCode.DONE, "log", "verify");
    }

    private void with(Path scratch, String pipeline) throws IOException {
        String file = "file=" + events(scratch);
        expect(ExitCode.DONE, "run", pipeline, "--set", file);
        // With a database that exists, and a record that goes to the quarantine.
        Files.writeString(
                events(scratch),
                "{\"userId\":\"user1\",\"name\":\"multiply_revenue\",\"value\":1}\n",
                StandardOpenOption.APPEND);
        expect(ExitCode.DONE, "run", pipeline, "--set", file);
        for (String format : List.of("table", "csv", "json")) {
            expect(
                    ExitCode.DONE,
                    "query",
                    "SELECT *, events / 2.0 AS half, events > 3 AS many, NULL AS nothing FROM users_revenue LIMIT 2000",
                    "--format",
                    format);
        }
        expect(ExitCode.DONE, "ledger", "revenue-batch");
    }

    private static Path events(Path scratch) {
        return scratch.resolve("events.jsonl");
    }

    private void expect(int code, String... args) {
        int came = Main.execute(terminal, environment, args);
        if (came != code) {
            terminal.flush();
            throw new IllegalStateException("'" + String.join(" ", args) + "' ended with " + came + ", not " + code);
        }
    }
}
