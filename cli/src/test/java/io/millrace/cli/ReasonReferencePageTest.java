package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.quarantine.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReasonReferencePageTest {

    /** {@code -Dmillrace.docs.write=true} writes the page instead. */
    @Test
    void thePageSaysWhatTheCodeSays() throws IOException {
        Path page = Path.of("../docs/reference/reason-codes.md");
        String expected = Reasons.markdown();
        if (Boolean.getBoolean("millrace.docs.write")) {
            Files.writeString(page, expected);
        }
        assertThat(Files.readString(page)).isEqualTo(expected);
    }
}
