package io.millrace.tests;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one test went.
 *
 * @param file the test file
 * @param line where the test begins in it, from 1
 * @param name what the test shows
 * @param took how long
 * @param seed what made the order of the records; null where they were not shuffled
 * @param failure what is not as expected, line by line; empty where all is
 */
public record TestResult(
        Path file,
        int line,
        String name,
        Duration took,
        @Nullable Long seed,
        List<String> failure) {

    public TestResult {
        failure = List.copyOf(failure);
    }

    public boolean passed() {
        return failure.isEmpty();
    }
}
