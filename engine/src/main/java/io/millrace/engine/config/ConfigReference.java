package io.millrace.engine.config;

import io.millrace.api.Doc;
import io.millrace.engine.yaml.Keys;
import io.millrace.engine.yaml.RecordTable;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the reference of the configuration, in Markdown, from the config record. The page is kept with the sources; a
 * test compares it with what this makes, so the two can't drift apart.
 */
public final class ConfigReference {
    private final StringBuilder out = new StringBuilder();

    private ConfigReference() {}

    /**
     * The whole page.
     *
     * @param type a record with sections only: records, or sealed interfaces of records
     */
    public static String markdown(Class<? extends Record> type) {
        return new ConfigReference().page(type);
    }

    private String page(Class<? extends Record> type) {
        out.append("""
                # The configuration

                <!-- Generated from the config records by ConfigReference. Change those, not this page. -->

                """);
        out.append(documentation(type.getAnnotation(Doc.class), type)).append('\n');
        out.append("""

                Nothing has to be configured. A value comes from the last of these that has one:

                1. the default, as listed below
                2. the configuration file: the one that `--config FILE` names, else the environment variable `MILLRACE_CONFIG`,
                   else `millrace.yaml` in the working folder
                3. an environment variable: `MILLRACE_` and the key in capitals, with `_` for each point, so that
                   `MILLRACE_LOG_SEGMENT_SIZE=64MiB` sets `log.segment_size`. A blank one counts for nothing
                4. `--set KEY=VALUE` on the command line, as in `--set log.segment_size=64MiB`

                `millrace config` prints what holds and where each value comes from. All that is wrong is told at once; a name
                that begins with `MILLRACE_` and means nothing is wrong too, since it is most likely a slip.
                """);
        for (RecordComponent component : type.getRecordComponents()) {
            section(component);
        }
        out.append("""

                ## Secrets

                A password belongs neither into a file that others read nor onto a command line. Two ways keep it apart:

                - The variable `NAME_FILE` names a file that holds the value of `NAME`, as Docker and Kubernetes mount secrets.
                  With `MILLRACE_AUTH_PROVIDER_AUDIENCE_FILE=/run/secrets/audience`, what is in that file is the value of
                  `auth.provider.audience`. This goes for keys with a single value that is not a path itself.
                - In the configuration file, `${file:/run/secrets/audience}` stands for what is in a file. A path that is not
                  absolute is relative to the folder of the configuration file.

                A newline at the end of such a file is left out.

                Keys with the type "a secret text", and every value that was read from a file in one of these ways, are shown as
                `***` and are in no message.

                ## Parameters

                In the configuration file, `${NAME}` and `${NAME:default}` stand for an environment variable, or for what is in
                the file that `NAME_FILE` names. `$${` stands for the characters `${`. Within `{ }` and `[ ]` a value with a
                parameter must be in quotes. (In a pipeline file `${file:...}` is an ordinary parameter with the name `file`.)

                ## Values

                | type | how it is written |
                |---|---|
                | duration | a whole number and a unit: `ms`, `s`, `m`, `h` or `d` |
                | size | a whole number and a unit: `B`, `kB`, `MB`, `GB` (powers of 1000), `KiB`, `MiB`, `GiB` (powers of 1024) |
                | path | relative to the working folder |
                | list | `[a, b]`, in variables and on the command line too |
                | names with values | `{a: 1, b: 2}`, likewise |

                The file is YAML 1.2 in UTF-8: one document of at most 1 MiB, without tags.
                """);
        return out.toString();
    }

    private void section(RecordComponent component) {
        String key = Keys.of(component);
        Type type = component.getGenericType();
        Class<? extends Record> record = Keys.section(type);
        Map<String, Class<? extends Record>> choices = Keys.choices(type);
        if (record == null && choices.isEmpty()) {
            throw new IllegalStateException(component + " is no section; put it into one");
        }
        Doc doc = component.getAnnotation(Doc.class);
        out.append("\n## `").append(key).append("`\n\n");
        if (record != null) {
            new RecordTable(out).write(record, key + ".");
        } else {
            out.append(documentation(doc, component)).append('\n');
        }
        choices.forEach((name, chosen) -> {
            out.append("\n### `").append(key).append('.').append(name).append("`\n\n");
            new RecordTable(out).write(chosen, key + "." + name + ".");
        });
    }

    private static String documentation(@Nullable Doc doc, Object of) {
        if (doc == null) {
            throw new IllegalStateException(of + " has no @Doc");
        }
        return doc.value();
    }
}
