package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tests.TestReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TestReferencePageTest {

    /** {@code -Dmillrace.docs.write=true} writes the page instead. */
    @Test
    void thePageSaysWhatTheRecordsSay() throws IOException {
        Path page = Path.of("../docs/reference/test-file.md");
        String expected = TestReference.markdown();
        if (Boolean.getBoolean("millrace.docs.write")) {
            Files.writeString(page, expected);
        }
        assertThat(Files.readString(page)).isEqualTo(expected);
    }
}
