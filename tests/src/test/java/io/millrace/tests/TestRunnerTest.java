package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.yaml.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestRunnerTest {

    private static final Path EXAMPLE = Path.of("../examples/revenue-batch").toAbsolutePath();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void theTestsOfTheExamplePass() throws Exception {
        List<TestResult> results = run(EXAMPLE.resolve("pipeline.test.yaml"));

        assertThat(results)
                .hasSize(3)
                .allSatisfy(result -> assertThat(result.failure()).isEmpty());
    }

    @Test
    void whatIsNotAsExpectedIsToldRowByRow() throws Exception {
        List<TestResult> results = run(file("""
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
                        "rows of users_revenue (- expected, + found):",
                        "  user_id  revenue",
                        "- ann      99",
                        "- cid      (any)",
                        "+ ann      100",
                        "quarantine (- expected, + found):",
                        "- malformed_json",
                        results.getFirst().failure().getLast())
                .last()
                .asString()
                .startsWith("+ record 2: rejected_by_query in revenue: ");
    }

    @Test
    void aRunThatIsKilledAnywhereEndsInTheSameTable() throws Exception {
        for (int after = 1; after < 48; after += 5) {
            assertThat(run(file("""
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
        assertThat(problems(file("""
                  - name: wrong
                    gven: []
                """))).contains("4:5: unknown key \"gven\"", "did you mean \"given\"?");
        assertThat(problems(file("""
                  - name: wrong
                    expect: [{ user: ann }]
                    restart_after: 3
                """))).contains("the table has no column \"user\"", "fewer than the 0 records");
    }

    private Path file(String tests) throws Exception {
        return Files.writeString(
                folder.resolve("a.test.yaml"), "pipeline: " + EXAMPLE.resolve("pipeline.yaml") + "\ntests:\n" + tests);
    }

    private static String problems(Path file) {
        return switch (TestSuite.read(file, Connectors.installed(), Map.of())) {
            case TestSuite.Read.Ok ok -> "nothing is wrong with " + ok.suite().path();
            case TestSuite.Read.Invalid(List<Problem> problems) ->
                problems.stream().map(Problem::render).collect(Collectors.joining("\n"));
        };
    }

    private static List<TestResult> run(Path file) throws Exception {
        return switch (TestSuite.read(file, Connectors.installed(), Map.of())) {
            case TestSuite.Read.Ok(TestSuite suite) -> new TestRunner(new Random(1), InstantSource.system()).run(suite);
            case TestSuite.Read.Invalid(List<Problem> problems) -> throw new AssertionError(problems);
        };
    }
}
