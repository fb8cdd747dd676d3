package io.millrace.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PipelineReferenceTest {
    @Test
    void everyKeyOfTheFileAndOfEachConnectorHasARow() {
        assertThat(PipelineReference.markdown(Connectors.installed()))
                .contains("| `pipeline` | text | required | The pipeline's name:")
                .contains("| `lanes` | a whole number | | How many lanes")
                .contains("| `columns` | names with text | `{}` | The SQL types of fields")
                .contains("| `commit` | settings | | When a lane commits what it has. |")
                .contains("| `commit.every` | a duration such as 500ms, 10s, 5m, 2h or 7d | `5s` |")
                .contains("### `files`\n\n| key | type | default | meaning |")
                .contains("| `format` | one of ndjson, csv, fixed_width | `ndjson` | How records are written. |")
                .contains("| `csv` | settings | | Only with `format: csv`. |")
                .contains("| `csv.delimiter` | one character | `','` | Between two values. |")
                .contains("### `postgres`")
                .contains("| `key` | list of text | `[]` | The columns of the key. |");
    }
}
