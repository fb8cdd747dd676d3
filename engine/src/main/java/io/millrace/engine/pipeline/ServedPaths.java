package io.millrace.engine.pipeline;

import io.millrace.api.TableShape;
import io.millrace.engine.pipeline.PipelineFile.From;
import io.millrace.engine.pipeline.PipelineFile.Serve;
import io.millrace.engine.yaml.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks what a pipeline file says under {@code serve:}. */
final class ServedPaths {

    private static final Pattern PATH = Pattern.compile("(/([A-Za-z0-9_-]+|\\{[A-Za-z0-9_]+\\}))+");
    private static final Pattern VALUE = Pattern.compile("\\{([A-Za-z0-9_]+)\\}");

    private ServedPaths() {}

    /** The names in braces, in order. */
    static List<String> values(String path) {
        List<String> values = new ArrayList<>();
        for (Matcher matcher = VALUE.matcher(path); matcher.find(); ) {
            values.add(matcher.group(1));
        }
        return values;
    }

    /**
     * @param shape the pipeline's table; null where it is not known since something else is wrong
     * @param tell takes a path in the file and a problem
     */
    static void check(
            List<Serve> serve, @Nullable TableShape shape, @Nullable From<?> from, BiConsumer<String, String> tell) {
        for (int i = 0; i < serve.size(); i++) {
            Serve served = serve.get(i);
            String at = "serve[" + (i + 1) + "].";
            List<String> values = values(served.path());
            if (!PATH.matcher(served.path()).matches()) {
                tell.accept(
                        at + "path",
                        at + "path: expected names behind slashes, with columns in braces, such as"
                                + " /userRevenue/{user_id}");
            } else if (served.events() != null) {
                checkEvents(served, values, from, at, tell);
            } else if (served.table() != null && served.columns() == null) {
                tell.accept(
                        at + "table", at + "table: name the columns of this table that may be seen, with `columns`");
            } else if (shape != null) {
                checkColumns(served, values, shape, at, tell);
            }
        }
    }

    private static void checkEvents(
            Serve served, List<String> values, @Nullable From<?> from, String at, BiConsumer<String, String> tell) {
        if (values.size() != 1) {
            tell.accept(at + "path", at + "path: expected one value in braces for the field of `events`");
        }
        if (served.table() != null || served.columns() != null) {
            tell.accept(at + "events", at + "events: records have neither table nor columns: leave them out");
        }
        if (from != null && !from.connector().canRefuse()) {
            tell.accept(
                    at + "events",
                    at + "events: the records of the source \""
                            + from.connector().name() + "\" are not in the log");
        }
    }

    private static void checkColumns(
            Serve served, List<String> values, TableShape shape, String at, BiConsumer<String, String> tell) {
        List<String> columns = served.columns();
        List<String> known = new ArrayList<>();
        shape.columns().forEach(column -> known.add(column.name()));
        shape.averages().forEach(average -> known.add(average.name()));
        if (columns != null && served.table() != null) {
            known.clear();
            known.addAll(columns);
        }
        for (String value : values) {
            if (!known.contains(value)) {
                tell.accept(at + "path", at + "path: there is no column \"" + value + "\"" + Names.hint(value, known));
            }
        }
        if (columns != null) {
            for (String column : columns) {
                if (!known.contains(column)) {
                    tell.accept(
                            at + "columns",
                            at + "columns: there is no column \"" + column + "\"" + Names.hint(column, known));
                }
            }
        }
    }
}
