package io.millrace.engine.pipeline;

import io.millrace.engine.yaml.RecordTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the reference of the pipeline file, in Markdown, from the config records and the connectors' own. The page is
 * kept with the sources; a test compares it with what this makes, so the two can't drift apart.
 */
public final class PipelineReference {
    private final Connectors connectors;
    private final StringBuilder out = new StringBuilder();

    private PipelineReference(Connectors connectors) {
        this.connectors = connectors;
    }

    /** The whole page. */
    public static String markdown(Connectors connectors) {
        return new PipelineReference(connectors).page();
    }

    /** Writes the page, with the connectors on the class path, to the file named by the only argument. */
    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            throw new IllegalArgumentException("Expected the file to write");
        }
        Files.writeString(Path.of(args[0]), markdown(Connectors.installed()));
    }

    private String page() {
        out.append("""
                # The pipeline file

                <!-- Generated from the config records by PipelineReference. Change those, not this page. -->

                """);
        new RecordTable(out).write(PipelineFile.class);
        out.append("\n## `from`\n\nExactly one source.\n");
        connectors.sources().forEach((name, connector) -> connector(name, connector.config()));
        out.append("\n## `into`\n\nExactly one destination.\n");
        connectors.sinks().forEach((name, connector) -> connector(name, connector.config()));
        out.append("""

                ## Parameters

                `${NAME}` in a value stands for a parameter. Its value comes from the first of these that has one:

                1. `--set NAME=VALUE` on the command line
                2. the environment variable `NAME`
                3. the default in place: `${NAME:default}`
                4. the default under `parameters:`

                A parameter without a value is an error, as is a `--set` or a default that nothing refers to. `$${` stands
                for the characters `${`. Nothing is replaced in comments, neither of YAML nor of SQL, nor in keys. Within
                `{ }` and `[ ]` a value with a parameter must be in quotes: `{ path: "${file:events.jsonl}" }`. In the query
                a value between `'` or `"` is escaped and stays one text or one name; elsewhere it is put in as it is.
                Values from the environment are never shown in messages.

                ## Values

                | type | how it is written |
                |---|---|
                | duration | a whole number and a unit: `ms`, `s`, `m`, `h` or `d` |
                | size | a whole number and a unit: `B`, `kB`, `MB`, `GB` (powers of 1000), `KiB`, `MiB`, `GiB` (powers of 1024) |
                | path | relative to the folder of the pipeline file |

                A file is YAML 1.2 in UTF-8: one document of at most 1 MiB, without tags; anchors and up to 100 aliases are fine.
                """);
        return out.toString();
    }

    private void connector(String name, Class<? extends Record> config) {
        out.append("\n### `").append(name).append("`\n\n");
        new RecordTable(out).write(config);
    }
}
