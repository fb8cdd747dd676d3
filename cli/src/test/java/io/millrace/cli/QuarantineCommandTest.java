package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What users do with records that were put aside, in this process, with one embedded server. */
class QuarantineCommandTest extends WithDatabase {

    private static final String PIPELINE = """
            pipeline: %1$s
            from:
              files: { path: "%2$s" }
            columns:
              id: VARCHAR NOT NULL
              n: BIGINT NOT NULL
            transform: |
              SELECT id, SUM(n) AS total
              FROM input
              WHERE n <> 13
              GROUP BY id
            into:
              postgres: { table: %1$s, key: [id] }
            """;

    private Captured quarantine(String... words) {
        List<String> args = new ArrayList<>(List.of("quarantine"));
        args.addAll(List.of(words));
        return command(args.toArray(new String[0]));
    }

    private String file() {
        return folder.resolve("pipeline.yaml").toString();
    }

    /** Loads a file of which some records can't be. */
    private void load(String data, String content) throws IOException {
        Files.writeString(folder.resolve("pipeline.yaml"), PIPELINE.formatted(name, data));
        Files.writeString(folder.resolve(data), content);
        Captured run = command("run", file());
        assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.DONE);
    }

    private static final String EVENTS = """
            {"id":"a","n":1}
            {"id":"b","n":"two"}
            {"id":"a","n":"3"}
            {"id":"c","n":01}
            """;

    private String table() {
        return command("query", "SELECT id, total FROM " + name + " ORDER BY id", "--format", "csv")
                .out()
                .replace("\r\n", " ")
                .strip();
    }

    @Test
    void recordsAreListedTheNewestFirstPageByPage() throws IOException {
        load("events.jsonl", EVENTS);

        Captured first = quarantine("ls", "--pipeline", name, "--limit", "2");
        assertThat(first.exitCode()).as(first.toString()).isEqualTo(ExitCode.DONE);
        assertThat(first.out())
                .contains("malformed_json", "wrong_type", "(2 rows)", name + " has 3 records in the quarantine")
                .containsPattern("Next page: .*quarantine ls --after [0-9]+ --pipeline " + name);
        String after = first.out().replaceAll("(?s).*--after (\\d+).*", "$1");
        Captured second = quarantine("ls", "--pipeline", name, "--after", after);
        assertThat(second.out()).contains("(1 row)").doesNotContain("Next page");

        assertThat(quarantine("ls", "-f", file(), "--reason", "wrong_type", "--field", "n", "--format", "csv")
                        .out()
                        .lines())
                .hasSize(3);
        assertThat(quarantine("ls", "--pipeline", name, "--where", "id = 'a'", "--format", "json")
                        .out()
                        .lines())
                .hasSize(3);
        assertThat(quarantine("ls", "--pipeline", name, "--since", "1h").out()).contains("(3 rows)");
        assertThat(quarantine("ls", "--pipeline", name, "--since", "2126-01-01T00:00:00Z")
                        .out())
                .contains("(0 rows)");
        assertThat(quarantine("ls", "--pipeline", name, "--kinds").out()).contains("wrong_type", "(2 rows)");
        assertThat(quarantine("ls", "--pipeline", "nobody").err()).contains("no commit of a pipeline 'nobody'");
    }

    @Test
    void aRecordIsShownWithAMarkAtItsFault() throws IOException {
        load("events.jsonl", EVENTS);

        Captured shown = quarantine("show", "events.jsonl#0:17", "--pipeline", name);

        assertThat(shown.exitCode()).as(shown.toString()).isEqualTo(ExitCode.DONE);
        assertThat(shown.out()).contains("reason    wrong_type: ", """
                  {"id":"b","n":"two"}
                                ^
                """);
        assertThat(quarantine("show", "events.jsonl#0:1", "--pipeline", name).exitCode())
                .isEqualTo(ExitCode.FAILED);
        assertThat(quarantine("show", "nothing", "--pipeline", name).exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatIsExportedIsWhatArrived() throws IOException {
        load("events.jsonl", EVENTS);
        Path out = folder.resolve("out.ndjson");

        assertThat(quarantine("export", "--pipeline", name, "--format", "raw")
                        .out()
                        .lines())
                .containsExactlyInAnyOrder(
                        "{\"id\":\"b\",\"n\":\"two\"}", "{\"id\":\"a\",\"n\":\"3\"}", "{\"id\":\"c\",\"n\":01}");
        Captured written = quarantine("export", "--pipeline", name, "--reason", "malformed_json", "-o", out.toString());
        assertThat(written.exitCode()).as(written.toString()).isEqualTo(ExitCode.DONE);
        assertThat(Files.readAllLines(out)).singleElement().asString().contains("\"raw\":\"{\\\"id\\\":\\\"c\\\"");
    }

    @Test
    void whatIsMendedIsLoadedAndTheBooksBalance() throws IOException {
        load("events.jsonl", EVENTS);

        Captured dry = quarantine("replay", file(), "--edit-sql", "n = CAST(n AS BIGINT)", "--dry-run");
        assertThat(dry.out()).contains("would be loaded", "would stay", "nothing was changed");
        assertThat(table()).isEqualTo("id,total a,1");

        Captured sql = quarantine("replay", file(), "--edit-sql", "n = CAST(n AS BIGINT)", "--reason", "wrong_type");
        assertThat(sql.exitCode()).as(sql.toString()).isEqualTo(ExitCode.DONE);
        assertThat(table()).isEqualTo("id,total a,4");

        Path patch = Files.writeString(folder.resolve("patch.json"), """
                [{"op": "test", "path": "/id", "value": "b"}, {"op": "replace", "path": "/n", "value": 2}]
                """);
        assertThat(quarantine("replay", file(), "--edit", patch.toString()).out())
                .containsPattern("loaded +1")
                .containsPattern("left alone +1");
        assertThat(table()).isEqualTo("id,total a,4 b,2");

        assertThat(quarantine("discard", "--pipeline", name).exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(quarantine("discard", "--pipeline", name, "--yes").out()).contains("discarded 1 record");
        assertThat(quarantine("discard", "--pipeline", name, "--yes").out()).contains("discarded 0 records");
        Captured ledger = command("ledger", name);
        assertThat(ledger.exitCode()).as(ledger.toString()).isEqualTo(ExitCode.DONE);
        assertThat(ledger.out())
                .contains("quarantined 0 + dropped 1", "out of the quarantine: replayed 2, discarded 1");
    }

    @Test
    void csvIsReadAgainByTheHeaderOfItsFileWhateverItsNameIs() throws IOException {
        load("events.csv", "n,id\n1,a\ntwo,b\n3,\"x\"y\n");
        Files.writeString(
                folder.resolve("pipeline.yaml"),
                PIPELINE.formatted(name, "{events,other}*.csv")
                        .replace("n: BIGINT NOT NULL", "n: VARCHAR NOT NULL")
                        .replace("SUM(n)", "SUM(CAST(CHAR_LENGTH(n) AS BIGINT))")
                        .replace("n <> 13", "n <> '13'"));
        Files.writeString(folder.resolve("events-new.csv"), "id,n\nq,1\n");
        Files.move(folder.resolve("events.csv"), folder.resolve("other.csv"));

        Captured edited = quarantine("replay", file(), "--edit-sql", "n = '1'");
        assertThat(edited.out()).contains("only JSON records can be edited here");
        Captured replayed = quarantine("replay", file());
        assertThat(replayed.exitCode()).as(replayed.toString()).isEqualTo(ExitCode.DONE);
        assertThat(replayed.out()).containsPattern("loaded +1").contains("malformed_csv 1");
        assertThat(table()).isEqualTo("id,total a,1 b,3");
    }

    @Test
    void aFileThatIsGoneWithTheNamesOfItsColumnsIsAskedFor() throws IOException {
        load("events.csv", "n,id\n1,a\ntwo,b\n");
        Files.writeString(folder.resolve("events.csv"), "id,n,more\na,1,2\n");

        Captured replayed = quarantine("replay", file());
        assertThat(replayed.exitCode()).as(replayed.toString()).isEqualTo(ExitCode.FAILED);
        assertThat(replayed.err()).contains("is gone or was changed", "Put it back");
        assertThat(replayed.out()).containsPattern("left alone +1");
    }

    @Test
    void whatCannotBeUsedIsSaidWithItsPlace() throws IOException {
        load("events.jsonl", EVENTS);

        for (List<String> words : List.of(
                List.of("ls", "--pipeline", name, "--where", "id ="),
                List.of("ls", "--pipeline", name, "--where", "id = 'a' GROUP BY id"),
                List.of("replay", file(), "--edit-sql", "n"),
                List.of("replay", file(), "--edit-sql", "n = 1, = 2"),
                List.of("replay", file(), "--edit-sql", "n = SUM(n)"),
                List.of("replay", file(), "--edit-sql", "n = 'open"))) {
            Captured wrong = quarantine(words.toArray(new String[0]));
            assertThat(wrong.exitCode()).as("%s: %s", words, wrong).isEqualTo(ExitCode.USAGE);
            assertThat(wrong.err()).as("%s", words).startsWith("millrace: --").doesNotContain("Exception");
        }
    }
}
