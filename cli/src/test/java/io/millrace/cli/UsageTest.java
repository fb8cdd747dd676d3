package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

    @Test
    void helpListsEveryCommandAndExitCode() {
        Captured help = Captured.of("--help");

        assertThat(help.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(help.out())
                .contains(
                        "up",
                        "send",
                        "run",
                        "lint",
                        "check",
                        "graph",
                        "schema",
                        "test",
                        "contract",
                        "query",
                        "ledger",
                        "trace",
                        "quarantine",
                        "psql",
                        "log",
                        "token",
                        "client",
                        "config",
                        "generate")
                .contains("version", "completion", "130");
        assertThat(Captured.of("help").out()).isEqualTo(help.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up",
                "send",
                "run",
                "lint",
                "check",
                "graph",
                "schema",
                "test",
                "contract",
                "query",
                "ledger",
                "trace",
                "quarantine",
                "psql",
                "log",
                "token",
                "client",
                "config",
                "generate",
                "version",
                "completion"
            })
    void everyCommandHelps(String command) {
        Captured help = Captured.of(command, "--help");

        assertThat(help.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(help.out()).startsWith("Usage: millrace " + command);
        assertThat(Captured.of("help", command).out()).isEqualTo(help.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "log ls",
                "log cat",
                "log verify",
                "quarantine ls",
                "quarantine show",
                "quarantine export",
                "quarantine replay",
                "quarantine discard",
                "client ls",
                "client add",
                "client rotate",
                "client disable",
                "client enable",
                "client remove"
            })
    void everyPartOfACommandHelps(String command) {
        String[] words = command.split(" ", -1);
        Captured help = Captured.of(words[0], words[1], "--help");

        assertThat(help.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(help.out()).startsWith("Usage: millrace " + command);
        assertThat(Captured.of(words[0], "--help").out()).contains("  " + words[1]);
    }

    @Test
    void versionTellsTheVersionsOfMillraceAndJava() {
        Captured version = Captured.of("version");

        assertThat(version.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(version.out()).matches("millrace \\d+\\.\\d+\\.\\d+ \\(Java 2\\d.*\\)\\R");
        assertThat(Captured.of("--version")).isEqualTo(version);
    }

    @Test
    void completionIsAScriptThatKnowsCommandsAndOptions() {
        Captured script = Captured.of("completion");

        assertThat(script.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(script.out()).startsWith("#!/usr/bin/env bash").contains("--home", "generate", "lint");
    }

    @Test
    void anUnknownCommandIsAnsweredWithTheNearest() {
        Captured wrong = Captured.of("runn", "pipeline.yaml");

        assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(wrong.err()).contains("there is no command 'runn'", "millrace run");
    }

    @Test
    void anUnknownOptionIsAnsweredWithTheNearest() {
        Captured wrong = Captured.of("run", "pipeline.yaml", "--hom=x");

        assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(wrong.err()).contains("Unknown option: '--hom=x'", "--home", "millrace run --help");
    }

    @Test
    void noCommandIsAUsageError() {
        Captured wrong = Captured.of();

        assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(wrong.err()).contains("which command?");
    }

    @Test
    void wrongArgumentsAreUsageErrors() {
        for (List<String> args : List.of(
                List.of("run"),
                List.of("run", "a.yaml", "b.yaml"),
                List.of("run", "a.yaml", "--set", "noequals"),
                List.of("lint"),
                List.of("check"),
                List.of("check", "a.yaml", "--set", "noequals"),
                List.of("test", "a.test.yaml", "--seed", "many"),
                List.of("test", "--min-coverage", "101"),
                List.of("query"),
                List.of("query", "SELECT 1", "--format", "xml"),
                List.of("ledger"),
                List.of("trace", "--where", "a = 1"),
                List.of("trace", "--pipeline", "a.yaml"),
                List.of("trace", "--pipeline", "a.yaml", "--where", "a = 1", "--at", "s:1"),
                List.of("trace", "--pipeline", "a.yaml", "--where", "a = 1", "--limit", "0"),
                List.of("contract"),
                List.of("contract", "infer"),
                List.of("contract", "infer", "-", "--format", "xml"),
                List.of("contract", "diff", "a.json"),
                List.of("contract", "check", "a.jsonl"),
                List.of("send"),
                List.of("send", "events.jsonl"),
                List.of("log"),
                List.of("log", "tail"),
                List.of("log", "ls", "a", "b"),
                List.of("log", "ls", "--format", "xml"),
                List.of("log", "cat"),
                List.of("log", "cat", "s", "--from", "yesterday"),
                List.of("quarantine"),
                List.of("quarantine", "ls", "--limit", "0"),
                List.of("quarantine", "ls", "--since", "yesterday"),
                List.of("quarantine", "show"),
                List.of("quarantine", "export", "--format", "xml"),
                List.of("quarantine", "replay"),
                List.of("token"),
                List.of("token", "--client", "demo", "--scope", "everything"),
                List.of("client"),
                List.of("client", "add", "shop"),
                List.of("client", "add", "--scope", "admin"),
                List.of("client", "rotate"),
                List.of("config", "--format", "xml"),
                List.of("config", "--set", "noequals"),
                List.of("generate"),
                List.of("generate", "revenue"),
                List.of("generate", "revenue", "--out", "-", "--events", "many"),
                List.of("generate", "revenue", "--out", "-", "--events", "-1"),
                List.of("generate", "revenue", "--out", "-", "--users", "0"))) {
            Captured wrong = Captured.of(args.toArray(new String[0]));

            assertThat(wrong.exitCode()).as("%s: %s", args, wrong).isEqualTo(ExitCode.USAGE);
            assertThat(wrong.err()).as("%s", args).startsWith("millrace: ").doesNotContain("Exception");
            assertThat(wrong.out()).as("%s", args).isEmpty();
        }
    }
}
