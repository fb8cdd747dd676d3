package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands that need a database, in this process, which holds one embedded server for all of them. */
class RunCommandTest extends WithDatabase {

    private static final String PIPELINE = """
            pipeline: %1$s
            from:
              files: { path: "${file:events.jsonl}" }
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

    @BeforeEach
    void writePipeline() throws IOException {
        Files.writeString(folder.resolve("pipeline.yaml"), PIPELINE.formatted(name));
        Files.writeString(folder.resolve("events.jsonl"), """
                {"id":"a","n":1}
                {"id":"b","n":9223372036854775807}
                {"id":"b","n":1}
                {"id":"c","n":13}
                """);
    }

    @Test
    void everyRecordIsAccountedFor() throws IOException {
        Files.writeString(folder.resolve("more.jsonl"), """
                {"id":"a","n":1}
                not json
                {"id":"a","n":"many"}
                {"id":"a","n":13}
                """);
        Captured run = run("--set", "file=more.jsonl");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.DONE);
        assertThat(run.out())
                .contains(name + ": done", "received     4", "loaded       1", "filtered     1", "quarantined  2")
                .contains("malformed_json 1")
                .containsPattern("Put aside: .* quarantine ls --pipeline ");
        Captured ledger = command("ledger", name);
        assertThat(ledger.exitCode()).as(ledger.toString()).isEqualTo(ExitCode.DONE);
        assertThat(ledger.out())
                .contains(
                        "received 4 = loaded 1 + filtered 1 + quarantined 2",
                        "quarantined at decode 2",
                        "malformed_json",
                        "The books balance",
                        "not compared");
    }

    @Test
    void tooManyRejectedRecordsFailTheRunAndAreAllPutAside() throws IOException {
        Files.writeString(
                folder.resolve("pipeline.yaml"), PIPELINE.formatted(name) + "stop_when: rejected > 5% of 100\n");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            lines.append(i % 10 == 0 ? "oops\n" : "{\"id\":\"a\",\"n\":1}\n");
        }
        Files.writeString(folder.resolve("events.jsonl"), lines);
        Captured run = run();

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).contains("since too many records were rejected", "malformed_json 20", "Put aside:");
        assertThat(run.err())
                .contains(
                        "rejected > 5 % of 100",
                        "20 of the last 200", "10.0 %", "Most were rejected for malformed_json");
        assertThat(command("ledger", name).exitCode()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void whatTheTableRefusesIsPutAsideAndTheRestIsLoaded() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            lines.append("{\"id\":\"k")
                    .append(i % 500)
                    .append("\",\"n\":")
                    .append(i)
                    .append("}\n");
        }
        Files.writeString(folder.resolve("none.jsonl"), "");
        Files.writeString(folder.resolve("many.jsonl"), lines);
        run("--set", "file=none.jsonl");
        sql("ALTER TABLE " + name + " ADD CHECK (id NOT LIKE 'k%7')");
        Captured run = run("--set", "file=many.jsonl");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).contains("received     3,000", "loaded       2,699", "filtered         1");
        assertThat(run.out()).contains("quarantined    300  (constraint_violated 300)");
        assertThat(run.err()).contains("refuses a row", "put aside");
        String expected = "SELECT 'k' || i % 500, sum(i) FROM generate_series(0, 2999) i WHERE i % 10 <> 7 AND i <> 13"
                + " GROUP BY 1";
        assertThat(command(
                                "query",
                                "SELECT count(*) AS n, (SELECT count(*) FROM (" + expected
                                        + " EXCEPT SELECT id, total FROM " + name + ") x) AS missing FROM " + name,
                                "--format",
                                "json")
                        .out())
                .contains("{\"n\":450,\"missing\":0}");
        assertThat(command(
                                "query",
                                "SELECT count(*) AS n, count(DISTINCT position) AS places, min(field) AS field, min(stage) AS"
                                        + " stage, count(*) FILTER (WHERE convert_from(raw, 'UTF8') ~ '\"k[0-9]*7\"') AS bad"
                                        + " FROM millrace.quarantine WHERE pipeline = '" + name + "'",
                                "--format",
                                "json")
                        .out())
                .contains("{\"n\":300,\"places\":300,\"field\":\"id\",\"stage\":\"load\",\"bad\":300}");
        assertThat(command("ledger", name).exitCode()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void numbersAreShownExactly() {
        run();

        assertThat(command("query", "SELECT id, total FROM " + name + " ORDER BY id", "--format", "json")
                        .out())
                .isEqualTo("[\n{\"id\":\"a\",\"total\":1},\n{\"id\":\"b\",\"total\":9223372036854775808}\n]\n");
    }

    @Test
    void aLedgerThatDoesNotBalanceFails() throws Exception {
        Files.writeString(folder.resolve("events.jsonl"), "oops\n");
        run();
        sql("DELETE FROM millrace.quarantine WHERE pipeline = '" + name + "'");
        Captured ledger = command("ledger", name);

        assertThat(ledger.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(ledger.err()).contains("do not balance", "1 record into the quarantine, which holds 0");
    }

    @Test
    void theLedgerIsCheckedAgainstTheTable() throws Exception {
        Files.writeString(
                folder.resolve("pipeline.yaml"),
                PIPELINE.formatted(name).replace("AS total", "AS total, COUNT(*) AS records"));
        run();
        assertThat(command("ledger", name).out())
                .contains("Table public." + name + ": the sum of its column records is 3, 3 records loaded.");
        sql("DELETE FROM " + name + " WHERE id = 'b'");
        Captured ledger = command("ledger", pipeline());

        assertThat(ledger.exitCode()).as(ledger.toString()).isEqualTo(ExitCode.FAILED);
        assertThat(ledger.err())
                .contains("do not balance", "sum of its column records is 1, and 3 records were loaded");
    }

    @Test
    void aTraceTellsTheStoryOfARecord() throws Exception {
        Files.writeString(folder.resolve("events.jsonl"), """
                {"id":"a","n":1}
                {"id":"c","n":13}
                {"id":"a","n":4}
                {"id":"d","n":"many"}
                oops
                """);
        run();
        assertThat(trace("id = 'a' AND n = 4").out())
                .contains("events.jsonl#0 at 35", "makes the row id = a, total = 4", "now has id = a, total = 5")
                .containsPattern("commit +number \\d+ at 20.*, of the run .*, with 5 records of the split")
                .doesNotContain("{");
        assertThat(trace("id = 'a'", "--show-record").out()).contains("{\"id\":\"a\",\"n\":1}", "#0 at 0", "#0 at 35");
        assertThat(trace("id = 'c'").out()).contains("left out by WHERE");
        assertThat(trace("id = 'd'").out()).contains("rejected: ", "quarantine  there since");
        Captured none = trace("id = 'z'");
        assertThat(none.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(none.err()).contains("no record that the source still has meets the condition");

        Captured malformed = command("trace", "--pipeline", pipeline(), "--at", "events.jsonl#0:74");
        assertThat(malformed.out()).contains("events.jsonl#0 at 74", "rejected: malformed_json", "there since");

        Files.writeString(
                folder.resolve("events.jsonl"), "{\"id\":\"new\",\"n\":1}\n", java.nio.file.StandardOpenOption.APPEND);
        assertThat(trace("id = 'new'").out()).contains("makes the row", "not committed yet: the split stands at 79");
        assertThat(trace("nothing = 1").err()).contains("--where: ", "nothing");

        sql("DELETE FROM millrace.quarantine WHERE pipeline = '" + name + "'");
        assertThat(trace("id = 'd'").out()).contains("not there: it left it");
    }

    private Captured trace(String where, String... more) {
        List<String> args = new java.util.ArrayList<>(List.of("trace", "--pipeline", pipeline(), "--where", where));
        args.addAll(List.of(more));
        return command(args.toArray(new String[0]));
    }

    @Test
    void aPipelineThatNeverRanIsNotInTheLedger() {
        run();
        Captured ledger = command("ledger", "somebody-else");

        assertThat(ledger.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(ledger.err()).contains("no commit of a pipeline 'somebody-else'", name);
    }

    @Test
    void aFileThatIsMissingIsNamed() {
        Captured run = run("--set", "file=missing.jsonl");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("missing.jsonl").doesNotContain("Exception");
    }

    @Test
    void anInvalidPipelineIsNotRun() throws IOException {
        Files.writeString(
                folder.resolve("pipeline.yaml"), PIPELINE.formatted(name).replace("SUM(n)", "SUM(m)"));
        Captured run = run();

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("pipeline.yaml:8:", "SELECT id, SUM(m) AS total", "^", "millrace: 1 problem");
        assertThat(command("lint", pipeline())).isEqualTo(run);
    }

    @Test
    void aPipelineFileThatIsMissingIsInvalid() {
        Captured run = command("run", folder.resolve("nothing.yaml").toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("nothing.yaml");
    }

    @Test
    void aSoundPipelinePassesLint() {
        Captured lint = command("lint", pipeline());

        assertThat(lint.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(lint.out()).contains(": fine; pipeline " + name + " into " + name);
    }

    @Test
    void aDatabaseThatRefusesUsIsSaidSo() {
        Captured run = Captured.of(
                Map.of("MILLRACE_DATABASE_URL", "postgresql://nobody:wrong@127.0.0.1:" + server.port() + "/postgres"),
                "run",
                pipeline());

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err())
                .startsWith("millrace: ")
                .contains("password")
                .doesNotContain("wrong@")
                .doesNotContain("\tat ");
    }

    @Test
    void anotherDatabaseIsNamedByTheEnvironment() {
        String url = "postgresql://" + server.user() + ":" + server.password() + "@127.0.0.1:" + server.port() + "/"
                + server.connection().database();
        Captured run = Captured.of(Map.of("MILLRACE_DATABASE_URL", url), "run", pipeline());

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.DONE);
        assertThat(run.out())
                .containsPattern("With psql: +psql -h 127\\.0\\.0\\.1")
                .doesNotContain(server.password());
    }

    @Test
    void aQueryThatIsWrongIsPointedAt() {
        Captured query = command("query", "SELECT *\nFRO x");

        assertThat(query.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(query.err()).contains("line 2, column 1", "FRO");
    }

    @Test
    void aQueryChangesNothing() {
        Captured query = command("query", "CREATE TABLE x (a int)");

        assertThat(query.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(query.err()).contains("only reads");
    }

    @Test
    void aHomeThatWasNamedIsNamedInTheHints() {
        Captured run = Captured.of(Map.of(), "run", pipeline(), "--home", home.toString());

        assertThat(run.out()).contains("psql --home " + home);
    }

    private String pipeline() {
        return folder.resolve("pipeline.yaml").toString();
    }

    private Captured run(String... more) {
        String[] args = new String[more.length + 2];
        args[0] = "run";
        args[1] = pipeline();
        System.arraycopy(more, 0, args, 2, more.length);
        return command(args);
    }
}
