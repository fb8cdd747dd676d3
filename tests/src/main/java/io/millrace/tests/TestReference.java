package io.millrace.tests;

import io.millrace.engine.yaml.RecordTable;

/**
 * Writes the reference of the test file, in Markdown, from its records. The page is kept with the sources; a test compares
 * it with what this makes, so the two can't drift apart.
 */
public final class TestReference {

    private TestReference() {}

    /** The whole page. */
    public static String markdown() {
        StringBuilder out = new StringBuilder("""
                # The test file

                <!-- Generated from its records by TestReference. Change those, not this page. -->

                """);
        new RecordTable(out).write(TestFile.class);
        out.append("""

                ## Values

                A value that is expected is written as in YAML, and compared by the type of its column: numbers by what they
                are worth (`1.50` is `1.5`), JSON by what it says, times with or without `T` and `Z`, all else as the text
                that PostgreSQL prints. `null` expects NULL. `_received_at`, `at` and times of their kind are written
                `2026-01-31T12:30:00Z`.
                """);
        return out.toString();
    }
}
