package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code contract: { additional: evolve }}: fields that the schema does not name become columns. */
class EvolvingContractTest extends WithDatabase {

    private static final String PIPELINE = """
            pipeline: %1$s
            from:
              files: { path: "${file:events/*}" }
            contract: { schema: event.schema.json, additional: evolve }
            transform: |
              SELECT id, n AS amount FROM input
            into:
              postgres: { table: %1$s }
            """;

    @BeforeEach
    void writePipeline() throws IOException {
        Files.createDirectories(folder.resolve("events"));
        Files.writeString(folder.resolve("pipeline.yaml"), PIPELINE.formatted(name));
        Files.writeString(folder.resolve("event.schema.json"), """
                {"type": "object", "required": ["id"],
                 "properties": {"id": {"type": "string"}, "n": {"type": ["integer", "null"]}}}
                """);
    }

    @Test
    void fieldsThatTheSchemaDoesNotNameBecomeColumnsAndThatIsSaid() throws Exception {
        events("1.jsonl", """
                {"id":"a","n":1}
                {"id":"b","n":2,"plan":null}
                {"id":"c","n":3,"plan":"free","paid":true,"seats":7,"price":1.50,"tags":["x"],"who":{"a":1}}
                {"id":"d","n":4,"plan":null,"seats":null}
                {"id":"e","n":5,"plan":5}
                {"id":"f","n":6,"nothing":null}
                """);
        Captured run = run();

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.DONE);
        assertThat(run.err())
                .contains("altered the table: column plan (text) added, column paid (boolean) added,"
                        + " column seats (bigint) added, column price (jsonb) added, column tags (jsonb) added,"
                        + " column who (jsonb) added");
        assertThat(run.out()).contains("received     6", "loaded       5", "quarantined  1");
        assertThat(rows("SELECT id, amount, plan, paid, seats, price, tags, who FROM " + name + " ORDER BY id"))
                .containsExactly(
                        "a|1|null|null|null|null|null|null",
                        "b|2|null|null|null|null|null|null",
                        "c|3|free|true|7|1.50|[\"x\"]|{\"a\": 1}",
                        "d|4|null|null|null|null|null|null",
                        "f|6|null|null|null|null|null|null");
        assertThat(rows("SELECT code, field FROM millrace.quarantine WHERE pipeline = '" + name + "'"))
                .containsExactly("wrong_type|plan");

        events("2.jsonl", """
                {"id":"g","seats":8,"late":"x"}
                """);
        Captured again = run();
        assertThat(again.err())
                .contains("altered the table: column late (text) added")
                .doesNotContain("seats");
        assertThat(rows("SELECT id, seats, late FROM " + name + " WHERE late IS NOT NULL"))
                .containsExactly("g|8|x");
        assertThat(run().err()).doesNotContain("altered");
    }

    @Test
    void whatCanBeNoColumnIsPutAsideAndNothingElse() throws Exception {
        String wide = "w".repeat(64);
        events("1.jsonl", """
                {"id":"a","amount":1}
                {"id":"b","":1}
                {"id":"c","%s":1}
                {"id":"d","xmin":1}
                {"id":"e","ok":1}
                """.formatted(wide));
        sql("CREATE TABLE " + name + " (id text, amount bigint, taken date)");
        events("2.jsonl", "{\"id\":\"f\",\"taken\":\"soon\"}\n");
        Captured run = run();

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).contains("loaded       1", "quarantined  5", "contract_unknown_field 5");
        assertThat(rows("SELECT id, ok FROM " + name)).containsExactly("e|1");
        assertThat(rows("SELECT field, message FROM millrace.quarantine WHERE pipeline = '" + name
                        + "' ORDER BY convert_from(raw, 'UTF8')"))
                .satisfiesExactly(
                        row -> assertThat(row).startsWith("/amount|").contains("the query makes one of this name"),
                        row -> assertThat(row).startsWith("/|").contains("no column can have this name"),
                        row -> assertThat(row).startsWith("/" + wide).contains("no column can have this name"),
                        row -> assertThat(row).startsWith("/xmin|").contains("no column can have this name"),
                        row -> assertThat(row).startsWith("/taken|").contains("the table has one of this name, date"));
    }

    @Test
    void noMoreThanAHundredColumnsAreAdded() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 120; i++) {
            lines.append("{\"id\":\"").append(i).append("\",\"c").append(i).append("\":1}\n");
        }
        events("1.jsonl", lines.toString());
        Captured run = run();

        assertThat(run.out()).contains("loaded       100", "quarantined   20  (contract_unknown_field 20)");
        assertThat(rows("SELECT count(*) FROM information_schema.columns WHERE table_name = '" + name + "'"))
                .containsExactly("102");
        assertThat(rows(
                        "SELECT DISTINCT message LIKE '%has added 100 columns%' FROM millrace.quarantine WHERE pipeline = '"
                                + name + "'"))
                .containsExactly("true");
    }

    @Test
    void lanesThatSeeOtherTypesFirstAgreeAndEveryRecordIsAccountedFor() throws Exception {
        String[] values = {"\"x\"", "1", "true", "[1]", "null"};
        for (int file = 0; file < 10; file++) {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 500; i++) {
                lines.append("{\"id\":\"%d-%d\",\"n\":%d,\"own%d\":%d".formatted(file, i, i, file, i))
                        .append(i % 2 == 0 ? "}\n" : ",\"mixed\":" + values[file % values.length] + "}\n");
            }
            events(file + ".jsonl", lines.toString());
        }
        Captured run = run();

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.DONE);
        assertThat(rows("SELECT sum(received), sum(received) = sum(loaded) + sum(quarantined), sum(loaded) = (SELECT"
                        + " count(*) FROM " + name + ") FROM millrace.ledger WHERE pipeline = '" + name + "'"))
                .containsExactly("5000|true|true");
        assertThat(rows("SELECT count(*) >= 3500, count(DISTINCT id) = count(*), count(own3) >= 250 FROM " + name))
                .containsExactly("true|true|true");
        assertThat(rows("SELECT count(*) FROM millrace.evolved_column WHERE pipeline = '" + name + "'"))
                .containsExactly("11");
    }

    @Test
    void filesOfTextsBringTextsAndNeedNotHaveAllColumns() throws Exception {
        Files.writeString(
                folder.resolve("pipeline.yaml"),
                PIPELINE.formatted(name).replace("${file:events/*}", "${file:events/*.csv}"));
        events("1.csv", """
                id,n,seats
                a,1,
                b,2,7
                """);
        events("2.csv", """
                id,n
                c,3
                """);
        Captured run = run();

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.DONE);
        assertThat(run.err()).contains("column seats (text) added");
        assertThat(rows("SELECT id, amount, seats FROM " + name + " ORDER BY id"))
                .containsExactly("a|1|null", "b|2|7", "c|3|null");
    }

    @Test
    void repeatedRecordsAreKnownByTheirKeyWhateverColumnsThereAre() throws Exception {
        Files.writeString(
                folder.resolve("pipeline.yaml"),
                PIPELINE.formatted(name).replace("transform:", "dedupe: { key: [day, id], within: 7d }\ntransform:"));
        Files.writeString(folder.resolve("event.schema.json"), """
                {"type": "object", "properties": {"id": {"type": "string"}, "n": {"type": "integer"},
                 "day": {"type": "string"}}}
                """);
        events("1.jsonl", """
                {"id":"a","day":"1","n":1}
                {"id":"a","day":"1","n":2,"plan":"x"}
                {"id":"a","day":"2","n":3,"plan":"y"}
                {"id":"b","day":"1","n":4,"plan":"z","more":1}
                """);
        run();
        events("2.jsonl", """
                {"id":"b","day":"1","n":5,"plan":"z","more":2}
                {"id":"c","day":"1","n":6,"more":3}
                """);
        run();

        assertThat(rows("SELECT id, amount, plan, more FROM " + name + " ORDER BY amount"))
                .containsExactly("a|1|null|null", "a|3|y|null", "b|4|z|1", "c|6|null|3");
    }

    @Test
    void aReplayAddsColumnsToo() throws Exception {
        events("1.jsonl", """
                {"id":"a","n":1}
                {"id":"b","n":"two","late":"x"}
                """);
        run();
        Captured dry = command("quarantine", "replay", pipeline(), "--dry-run", "--edit-sql", "n = 2");
        assertThat(dry.out()).as(dry.toString()).contains("would be loaded", "late", "x");
        assertThat(rows("SELECT count(*) FROM information_schema.columns WHERE table_name = '" + name + "'"))
                .containsExactly("2");

        Captured replay = command("quarantine", "replay", pipeline(), "--edit-sql", "n = 2");

        assertThat(replay.exitCode()).as(replay.toString()).isEqualTo(ExitCode.DONE);
        assertThat(replay.err()).contains("column late (text) added");
        assertThat(rows("SELECT id, amount, late FROM " + name + " ORDER BY id"))
                .containsExactly("a|1|null", "b|2|x");
    }

    @Test
    void whatCanNotEvolveIsRefusedWithThePlace() throws Exception {
        refused("""
                contract: { schema: event.schema.json, additional: evolve }
                transform: |
                  SELECT id, SUM(n) AS total FROM input GROUP BY id
                """, "pipeline.yaml:4:", "the query has a GROUP BY");
        refused("""
                contract: { additional: evolve }
                columns: { tags: VARCHAR ARRAY }
                transform: |
                  SELECT tag FROM input, UNNEST(tags) AS t(tag)
                """, "pipeline.yaml:4:", "only a schema tells which fields are known", "the query has an UNNEST");
        Files.writeString(folder.resolve("event.schema.json"), "{\"type\":\"object\"}");
        refused("""
                contract: { schema: event.schema.json, additional: evolve }
                transform: |
                  SELECT id FROM input
                """, "pipeline.yaml:4:", "the schema names no field");
    }

    @Test
    void checkSaysWhatARunMayDo() throws Exception {
        events("1.jsonl", "");
        Captured check = command("check", pipeline());

        assertThat(check.exitCode()).as(check.toString()).isEqualTo(ExitCode.DONE);
        assertThat(check.out()).contains("fields that the schema does not name become columns of the table " + name);
    }

    private void refused(String middle, String... messages) throws IOException {
        Files.writeString(folder.resolve("pipeline.yaml"), """
                pipeline: %1$s
                from:
                  files: { path: events/* }
                %2$sinto:
                  postgres: { table: %1$s }
                """.formatted(name, middle));
        Captured lint = command("lint", pipeline());
        assertThat(lint.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(lint.err()).contains(messages);
    }

    private void events(String file, String lines) throws IOException {
        Files.writeString(folder.resolve("events").resolve(file), lines);
    }

    private String pipeline() {
        return folder.resolve("pipeline.yaml").toString();
    }

    private Captured run(String... more) {
        List<String> args = new ArrayList<>(List.of("run", pipeline()));
        args.addAll(List.of(more));
        return command(args.toArray(String[]::new));
    }

    private List<String> rows(String sql) throws Exception {
        List<String> rows = new ArrayList<>();
        try (var connection = DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    Object value = result.getObject(i);
                    row.add(String.valueOf(value));
                }
                rows.add(String.join("|", row));
            }
        }
        return rows;
    }
}
