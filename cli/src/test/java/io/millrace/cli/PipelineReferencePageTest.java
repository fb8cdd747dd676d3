package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.PipelineReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PipelineReferencePageTest {

    /** {@code -Dmillrace.docs.write=true} writes the page instead. */
    @Test
    void thePageSaysWhatTheConfigRecordsSay() throws IOException {
        Path page = Path.of("../docs/reference/pipeline-file.md");
        String expected = PipelineReference.markdown(Connectors.installed());
        if (Boolean.getBoolean("millrace.docs.write")) {
            Files.writeString(page, expected);
        }
        assertThat(Files.readString(page)).isEqualTo(expected);
    }
}
