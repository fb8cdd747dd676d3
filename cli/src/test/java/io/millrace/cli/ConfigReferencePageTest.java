package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.config.ConfigReference;
import io.millrace.server.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigReferencePageTest {

    /** {@code -Dmillrace.docs.write=true} writes the page instead. */
    @Test
    void thePageSaysWhatTheConfigRecordsSay() throws IOException {
        Path page = Path.of("../docs/reference/configuration.md");
        String expected = ConfigReference.markdown(ServerConfig.class);
        if (Boolean.getBoolean("millrace.docs.write")) {
            Files.writeString(page, expected);
        }
        assertThat(Files.readString(page)).isEqualTo(expected);
    }
}
