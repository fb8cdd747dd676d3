package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestRunnerTest {

    private static final Path EXAMPLE = Path.of("../examples/revenue-batch").toAbsolutePath();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void theTestsOfTheExamplePass() throws Exception {
        List<TestResult> results = Suites.run(EXAMPLE.resolve("pipeline.test.yaml"));

        assertThat(results)
                .hasSize(3)
                .allSatisfy(result -> assertThat(result.failure()).isEmpty());
    }

    @Test
    void whatIsNotAsExpectedIsToldRowByRow() throws Exception {
        List<TestResult> results = Suites.run(file("""
                  - name: wrong
                    given:
                      - { userId: ann, name: add_revenue, value: 100 }
                      - { userId: bob, name: gift, value: 1 }
                    expect:
                      - { user_id: ann, revenue: 99 }
                      - { user_id: cid }
                    quarantine:
                      - { code: malformed_json }
                """));

        assertThat(results.getFirst().line()).isEqualTo(3);
        assertThat(results.getFirst().failure())
                .containsExactly(
                        "rows of users_revenue:",
                        "            user_id  revenue",
                        "- expected  ann      99",
                        "+ got       ann      100",
                        "                     ^^^",
                        "- missing   cid      (any)",
                        "quarantine:",
                        "- missing     malformed_json",
                        results.getFirst().failure().getLast())
                .last()
                .asString()
                .startsWith("+ unexpected  record 2: rejected_by_query in revenue at transform: ");
    }

    @Test
    void fieldsThatTheSchemaDoesNotNameBecomeColumnsInTestsToo() throws Exception {
        Files.writeString(folder.resolve("event.schema.json"), """
                {"properties": {"id": {"type": "string"}, "n": {"type": "integer"}}}
                """);
        Files.writeString(folder.resolve("pipeline.yaml"), """
                pipeline: evolving
                from:
                  files: { path: events.jsonl }
                contract: { schema: event.schema.json, additional: evolve }
                transform: SELECT id, n FROM input
                into:
                  postgres: { table: evolving, key: [id], version: n }
                """);
        Path file = Files.writeString(folder.resolve("pipeline.test.yaml"), """
                pipeline: pipeline.yaml
                tests:
                  - name: right
                    given:
                      - { id: a, n: 1 }
                      - { id: b, n: 1, plan: free, seats: 7 }
                      - { id: c, n: 1, plan: 1 }
                      - { id: b, n: 2, plan: paid }
                    restart_after: 3
                    expect:
                      - { id: a, plan: null }
                      - { id: b, plan: paid, seats: null }
                    quarantine:
                      - { record: 3, code: wrong_type }
                  - name: wrong
                    given:
                      - { id: a, n: 1, plan: free }
                    expect:
                      - { id: a, plans: free }
                """);

        List<TestResult> results = Suites.run(file);

        assertThat(results.get(0).failure()).isEmpty();
        assertThat(results.get(1).failure())
                .containsExactly("rows of evolving:", "there is no column \"plans\"; did you mean \"plan\"?");
    }

    @Test
    void aPipelineThatIsToStopWhenTooManyAreRejectedDoesSoInTestsToo() throws Exception {
        Files.writeString(folder.resolve("pipeline.yaml"), """
                pipeline: readings
                from:
                  files: { path: events.jsonl }
                transform: SELECT id, CAST(n AS BIGINT) AS n FROM input
                into:
                  postgres: { table: readings, key: [id], version: n }
                stop_when: rejected > 25 % of 4
                """);
        String given = """
                    given:
                      - { id: a, n: 1 }
                      - { id: b, n: 1 }
                      - { id: c, n: x }
                      - { id: d, n: %s }
                    quarantine:
                      - { code: cast_failed }
                """;
        Path file = Files.writeString(
                folder.resolve("pipeline.test.yaml"), """
                pipeline: pipeline.yaml
                tests:
                  - name: stops
                    stops: true
                %1$s      - { code: cast_failed }
                  - name: goes on
                %2$s  - name: stops and should not
                %1$s      - { code: cast_failed }
                  - name: goes on and should not
                    stops: true
                %2$s
                """.formatted(given.formatted("x"), given.formatted("1")));

        List<TestResult> results = Suites.run(file);

        assertThat(results.get(0).failure()).isEmpty();
        assertThat(results.get(1).failure()).isEmpty();
        assertThat(results.get(2).failure()).singleElement().asString().startsWith("""
                readings was stopped by stop_when (rejected > 25 % of 4): 2 of the last 4 records were rejected, 50.0 %.""");
        assertThat(results.get(3).failure())
                .containsExactly("the pipeline was not stopped by stop_when (rejected > 25 % of 4)");
    }

    @Test
    void aRunThatIsKilledAnywhereEndsInTheSameTable() throws Exception {
        for (int after = 1; after < 48; after += 5) {
            assertThat(Suites.run(file("""
                      - name: killed
                        files: [%s]
                        expect:
                          - { user_id: user1, revenue: 44, events: 4 }
                          - { user_id: user2, revenue: 353, events: 9 }
                          - { user_id: user3, revenue: 600, events: 8 }
                          - { user_id: user4, revenue: 418, events: 7 }
                          - { user_id: user5, revenue: 332, events: 7 }
                          - { user_id: user6, revenue: -243, events: 4 }
                          - { user_id: user7, revenue: 40, events: 5 }
                          - { user_id: user8, revenue: 309, events: 4 }
                        restart_after: %d
                        parallel: 3
                        shuffle: true
                        seed: 7
                    """.formatted(EXAMPLE.resolve("events.jsonl"), after)))
                            .getFirst()
                            .failure())
                    .isEmpty();
        }
    }

    @Test
    void whatIsWrongWithAFileIsToldWithItsPlaceAndWhatWasMeant() throws Exception {
        assertThat(Suites.problems(file("""
                  - name: wrong
                    gven: []
                """))).contains("4:5: unknown key \"gven\"", "did you mean \"given\"?");
        assertThat(Suites.problems(file("""
                  - name: wrong
                    expect: [{ user: ann }]
                    restart_after: 3
                """))).contains("the table has no column \"user\"", "fewer than the 0 records");
    }

    private Path file(String tests) throws Exception {
        return Files.writeString(
                folder.resolve("a.test.yaml"), "pipeline: " + EXAMPLE.resolve("pipeline.yaml") + "\ntests:\n" + tests);
    }

    /** Each event comes three times; wherever the run is killed, those before must be remembered by those after. */
    @Test
    void aRunThatIsKilledAnywhereRemembersWhatItLoaded() throws Exception {
        Files.writeString(folder.resolve("pipeline.yaml"), """
                pipeline: once
                from: { files: { path: none.jsonl } }
                columns: { id: VARCHAR, amount: BIGINT }
                dedupe: { key: [id], within: 7d }
                transform: SELECT id, amount FROM input
                into: { postgres: { table: once } }
                """);
        for (int after = 1; after < 9; after++) {
            assertThat(Suites.run(Files.writeString(folder.resolve("c.test.yaml"), """
                    pipeline: pipeline.yaml
                    tests:
                      - name: once
                        given:
                          - { id: a, amount: 1 }
                          - { id: b, amount: 2 }
                          - { id: c, amount: 3 }
                          - { id: a, amount: 1 }
                          - { id: b, amount: 2 }
                          - { id: c, amount: 3 }
                          - { id: a, amount: 1 }
                          - { id: b, amount: 2 }
                          - { id: c, amount: 3 }
                        expect:
                          - { id: a, amount: 1 }
                          - { id: b, amount: 2 }
                          - { id: c, amount: 3 }
                        restart_after: %d
                        parallel: 2
                        seed: %d
                    """.formatted(after, after)))
                            .getFirst()
                            .failure())
                    .as("killed after %d records", after)
                    .isEmpty();
        }
    }

    @Test
    void aRowThatIsNotThereIsHeldAgainstTheOneThatDiffersLeast() throws Exception {
        Files.writeString(folder.resolve("pipeline.yaml"), """
                pipeline: appended
                from: { files: { path: none.jsonl } }
                columns: { a: VARCHAR, b: BIGINT, c: VARCHAR }
                transform: SELECT a, b, c FROM input
                into: { postgres: { table: appended } }
                """);
        assertThat(Suites.run(Files.writeString(folder.resolve("b.test.yaml"), """
                pipeline: pipeline.yaml
                tests:
                  - name: appended
                    given:
                      - { a: x, b: 1, c: one }
                      - { a: x, b: 22, c: two }
                      - { a: y, b: 3 }
                    expect:
                      - { a: x, b: 2, c: two }
                      - { a: x, b: 1, c: one }
                """))
                        .getFirst()
                        .failure())
                .containsExactly(
                        "rows of appended:",
                        "              a  b   c",
                        "- expected    x  2   two",
                        "+ got         x  22  two",
                        "                 ^^",
                        "+ unexpected  y  3   NULL");
    }

    @Test
    void onlyTheTestsThatAreAskedForRunAndShuffleAsTold() throws Exception {
        TestSuite suite = Suites.suite(EXAMPLE.resolve("pipeline.test.yaml"));

        List<TestResult> results = Suites.run(suite, new TestRunner.Options("EARNED", 77L));

        assertThat(results).hasSize(1);
        assertThat(results.getFirst().seed()).isEqualTo(77);
    }

    @Test
    void aFileWithoutTestsIsWrong() throws Exception {
        assertThat(Suites.problems(Files.writeString(folder.resolve("a.test.yaml"), "")))
                .contains("a.test.yaml")
                .contains("empty");
        assertThat(Suites.problems(file("  []\n"))).contains("tests: expected at least one test");
    }

    @Test
    void coverageTellsTheBranchesThatNoRecordHasTaken() throws Exception {
        TestSuite suite = Suites.suite(file("""
                  - name: one arm
                    given:
                      - { userId: ann, name: add_revenue, value: 100 }
                """));
        assertThat(suite.coverage().percent()).isZero();
        Suites.run(suite, TestRunner.Options.ALL);

        assertThat(suite.coverage().percent()).isEqualTo(33);
        assertThat(suite.coverage().missed())
                .extracting(branch -> branch.line() + ":" + branch.column() + " " + branch.what())
                .containsExactly(
                        "17:29 WHEN 'subtract_revenue' THEN -value", "18:29 ELSE REJECT('unknown event name')");

        TestSuite whole = Suites.suite(EXAMPLE.resolve("pipeline.test.yaml"));
        Suites.run(whole, TestRunner.Options.ALL);
        assertThat(Coverage.together(List.of(suite.coverage(), whole.coverage())))
                .singleElement()
                .satisfies(all -> assertThat(all.percent()).isEqualTo(100));
    }
}
