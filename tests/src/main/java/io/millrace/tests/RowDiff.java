package io.millrace.tests;

import io.millrace.api.TableShape;
import io.millrace.connectors.memory.MemoryTable;
import io.millrace.engine.yaml.Yaml;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds the rows of a table against those that are expected. */
final class RowDiff {

    private static final int MOST_LINES = 60;

    private final MemoryTable table;
    private final List<String> names;
    private final List<String> key;

    /** One line of the diff: what is the matter, and a cell for each column. */
    private record Line(String mark, List<String> cells) {}

    RowDiff(MemoryTable table, TableShape shape) {
        this.table = table;
        this.names = table.columns().stream().map(MemoryTable.TableColumn::name).toList();
        this.key = shape.columns().stream()
                .filter(column -> column.merge() == TableShape.Merge.KEY)
                .map(TableShape.Col::name)
                .toList();
    }

    /**
     * Lines for a person: a row that is there with another value is told as what was expected and what was got, with the
     * columns marked that differ. None where all is as expected.
     */
    List<String> lines(List<Map<String, Yaml>> expected) {
        Pairing<Map<String, Yaml>, List<@Nullable String>> pairing = Pairing.of(expected, table.rows(), this::fits);
        if (pairing.complete()) {
            return List.of();
        }
        Set<String> named = new LinkedHashSet<>(key);
        expected.forEach(row -> named.addAll(row.keySet()));
        List<String> columns = names.stream()
                .filter(name -> expected.isEmpty() || named.contains(name))
                .toList();
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("  ", columns));
        List<List<@Nullable String>> unexpected = new ArrayList<>(pairing.unexpected());
        for (Map<String, Yaml> row : pairing.missing()) {
            List<@Nullable String> other = meant(row, unexpected);
            if (other == null) {
                lines.add(new Line("- missing", cells(row, columns)));
                continue;
            }
            unexpected.remove(other);
            lines.add(new Line("- expected", cells(row, columns)));
            lines.add(new Line("+ got", cells(other, columns)));
            lines.add(new Line(
                    "",
                    columns.stream()
                            .map(name -> {
                                int column = names.indexOf(name);
                                return fits(row.get(name), column, other)
                                        ? ""
                                        : "^"
                                                .repeat(Math.max(
                                                        shown(row.get(name)).length(),
                                                        shown(other.get(column)).length()));
                            })
                            .toList()));
        }
        for (List<@Nullable String> row : unexpected) {
            lines.add(new Line("+ unexpected", cells(row, columns)));
        }
        return aligned(lines);
    }

    /** The row that an expectation is about: the one with its key, or else the one that differs least. Null for none. */
    private @Nullable List<@Nullable String> meant(
            Map<String, Yaml> expected, List<List<@Nullable String>> candidates) {
        boolean keyed = !key.isEmpty() && expected.keySet().containsAll(key);
        int most = 0;
        List<@Nullable String> nearest = null;
        for (List<@Nullable String> row : candidates) {
            int same = 0;
            for (String name : keyed ? key : expected.keySet()) {
                same += fits(expected.get(name), names.indexOf(name), row) ? 1 : 0;
            }
            if (same > most && (!keyed || same == key.size())) {
                most = same;
                nearest = row;
            }
        }
        return nearest;
    }

    private List<String> cells(Map<String, Yaml> expected, List<String> columns) {
        return columns.stream().map(name -> shown(expected.get(name))).toList();
    }

    private List<String> cells(List<@Nullable String> row, List<String> columns) {
        return columns.stream().map(name -> shown(row.get(names.indexOf(name)))).toList();
    }

    private static List<String> aligned(List<Line> lines) {
        int marks = lines.stream().mapToInt(line -> line.mark().length()).max().orElse(0);
        List<String> texts = new ArrayList<>();
        for (Line line : lines) {
            if (texts.size() == MOST_LINES) {
                texts.add("  and " + (lines.size() - MOST_LINES) + " lines more");
                break;
            }
            StringBuilder text = new StringBuilder(padded(line.mark(), marks));
            for (int c = 0; c < line.cells().size(); c++) {
                int column = c;
                int width = lines.stream()
                        .mapToInt(other -> other.cells().get(column).length())
                        .max()
                        .orElse(0);
                text.append("  ").append(padded(line.cells().get(c), width));
            }
            texts.add(text.toString().stripTrailing());
        }
        return texts;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String shown(@Nullable String value) {
        return value == null ? "NULL" : value;
    }

    private static String shown(@Nullable Yaml value) {
        return switch (value) {
            case null -> "(any)";
            case Yaml.Scalar scalar -> scalar.isNull() ? "NULL" : scalar.text();
            case Yaml other -> GivenJson.of(other);
        };
    }

    private boolean fits(Map<String, Yaml> expected, List<@Nullable String> row) {
        return expected.keySet().stream().allMatch(name -> fits(expected.get(name), names.indexOf(name), row));
    }

    private boolean fits(@Nullable Yaml expected, int column, List<@Nullable String> row) {
        return expected == null
                || ExpectedValue.fits(expected, table.columns().get(column).type(), row.get(column));
    }
}
