package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestCommandTest {

    private static final Path EXAMPLE =
            Path.of("../examples/revenue-batch/pipeline.yaml").toAbsolutePath().normalize();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"revenue-batch", "revenue"})
    void theTestsOfTheExamplesPassAndReachEveryBranch(String example) {
        Captured tests = Captured.of("test", "../examples/" + example, "--min-coverage", "100");

        assertThat(tests.exitCode()).as("%s", tests).isEqualTo(ExitCode.DONE);
        assertThat(tests.out())
                .contains("(seed ")
                .containsPattern(": 100 %, (\\d) of \\1 branches\n")
                .endsWith(", 0 failed\n");
    }

    @Test
    void aTestThatFailsIsToldWithItsPlaceAndEndsInExitCode1() throws IOException {
        Path file = tests("""
                  - name: right
                    given: [{ userId: ann, name: add_revenue, value: 1 }]
                  - name: wrong
                    given: [{ userId: ann, name: add_revenue, value: 1 }]
                    expect: [{ user_id: ann, revenue: 2 }]
                """);
        Captured tests = Captured.of("test", file.toString());

        assertThat(tests.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(tests.out())
                .contains("pass  " + file + ":3  right\n")
                .contains("FAIL  " + file + ":5  wrong\n      rows of users_revenue:\n")
                .contains("      - expected  ann      2\n      + got       ann      1\n")
                .endsWith("2 tests, 1 failed\n");
    }

    @Test
    void whatIsWrongWithAFileOfTestsIsExitCode2AndTheOthersRun() throws IOException {
        Path good = tests("  - name: fine\n");
        Path bad = Files.writeString(folder.resolve("bad.test.yaml"), "pipeline: " + EXAMPLE + "\ntest: []\n");
        Captured tests = Captured.of("test", folder.toString());

        assertThat(tests.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(tests.out()).contains("pass  " + good).endsWith("1 test, 0 failed\n");
        assertThat(tests.err()).contains(bad + ":2:1: unknown key \"test\"; did you mean \"tests\"?");
    }

    @Test
    void tooLittleCoverageFailsAndNamesWhatIsMissing() throws IOException {
        Path file = tests("  - { name: one arm, given: [{ userId: ann, name: add_revenue, value: 1 }] }\n");

        Captured enough = Captured.of("test", file.toString(), "--min-coverage", "33", "--coverage");
        assertThat(enough.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(enough.out()).contains("reached  " + EXAMPLE + ":16:29  WHEN 'add_revenue' THEN value\n");

        Captured little = Captured.of("test", file.toString(), "--min-coverage", "34");
        assertThat(little.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(little.out())
                .contains("coverage of " + EXAMPLE + ": 33 %, 1 of 3 branches; 34 % are wanted\n")
                .contains("missed   " + EXAMPLE + ":18:29  ELSE REJECT('unknown event name')\n")
                .doesNotContain("reached  ");
    }

    @Test
    void aReportIsWrittenForBuildServers() throws IOException {
        Path file = tests("  - { name: one, expect: [{ user_id: ann }] }\n");
        Path report = folder.resolve("report.xml");
        Captured tests = Captured.of("test", file.toString(), "--junit", report.toString());

        assertThat(tests.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(Files.readString(report))
                .startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
                .contains("tests=\"1\" failures=\"1\"", "<failure message=\"rows of users_revenue:\">");
    }

    @Test
    void namesChooseTestsAndASeedIsTaken() throws IOException {
        Path file = tests("""
                  - { name: first, shuffle: true, given: [] }
                  - { name: second, given: [] }
                """);
        Captured first = Captured.of("test", file.toString(), "--only", "FIRST", "--seed", "42");
        assertThat(first.out())
                .contains("first (seed 42)")
                .contains("1 test, 0 failed")
                .doesNotContain("second");

        Captured none = Captured.of("test", file.toString(), "--only", "third");
        assertThat(none.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(none.err()).contains("no test has 'third' in its name");
    }

    @Test
    void aFolderWithoutTestsIsWrongUsage() {
        Captured tests = Captured.of("test", folder.toString());

        assertThat(tests.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(tests.err()).contains("there is no file called *.test.yaml in " + folder);
    }

    private Path tests(String tests) throws IOException {
        return Files.writeString(folder.resolve("a.test.yaml"), "pipeline: " + EXAMPLE + "\ntests:\n" + tests);
    }
}
