package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestCommandTest {

    @Test
    void theTestsOfTheExamplePass() {
        Captured tests = Captured.of("test", "../examples/revenue-batch");

        assertThat(tests.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(tests.out()).contains("(seed ").endsWith("3 tests, 0 failed\n");
    }
}
