package io.millrace.tests;

import io.millrace.api.Type;
import io.millrace.connectors.memory.MemoryTable;
import io.millrace.engine.yaml.Yaml;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds the rows of a table against those that are expected. */
final class RowDiff {

    private final MemoryTable table;
    private final List<String> names;

    RowDiff(MemoryTable table) {
        this.table = table;
        this.names = table.columns().stream().map(MemoryTable.TableColumn::name).toList();
    }

    /** Lines for a person: {@code -} what is missing, {@code +} what should not be there; none where all is as expected. */
    List<String> lines(List<Map<String, Yaml>> expected) {
        Pairing<Map<String, Yaml>, List<@Nullable String>> pairing = Pairing.of(expected, table.rows(), this::fits);
        if (pairing.complete()) {
            return List.of();
        }
        Set<String> named = new LinkedHashSet<>();
        expected.forEach(row -> named.addAll(row.keySet()));
        List<String> columns = names.stream()
                .filter(name -> named.isEmpty() || named.contains(name))
                .toList();
        List<List<String>> cells = new ArrayList<>();
        List<String> marks = new ArrayList<>();
        cells.add(columns);
        marks.add("  ");
        for (Map<String, Yaml> row : pairing.missing()) {
            cells.add(columns.stream().map(name -> shown(row.get(name))).toList());
            marks.add("- ");
        }
        for (List<@Nullable String> row : pairing.unexpected()) {
            cells.add(columns.stream()
                    .map(name -> {
                        String value = row.get(names.indexOf(name));
                        return value == null ? "NULL" : value;
                    })
                    .toList());
            marks.add("+ ");
        }
        return aligned(cells, marks);
    }

    private static List<String> aligned(List<List<String>> cells, List<String> marks) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            StringBuilder line = new StringBuilder(marks.get(i));
            for (int c = 0; c < cells.get(i).size(); c++) {
                int column = c;
                int width = cells.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0);
                String cell = cells.get(i).get(c);
                line.append(cell).append(" ".repeat(width - cell.length() + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static String shown(@Nullable Yaml value) {
        return switch (value) {
            case null -> "(any)";
            case Yaml.Scalar scalar -> scalar.isNull() ? "NULL" : scalar.text();
            case Yaml other -> GivenJson.of(other);
        };
    }

    private boolean fits(Map<String, Yaml> expected, List<@Nullable String> row) {
        for (Map.Entry<String, Yaml> entry : expected.entrySet()) {
            int column = names.indexOf(entry.getKey());
            if (!fits(entry.getValue(), table.columns().get(column).type(), row.get(column))) {
                return false;
            }
        }
        return true;
    }

    private static boolean fits(Yaml expected, Type type, @Nullable String found) {
        if (found == null) {
            return expected instanceof Yaml.Scalar scalar && scalar.isNull();
        }
        if (type.equals(Type.JSON)) {
            String json = expected instanceof Yaml.Scalar scalar ? scalar.text() : GivenJson.of(expected);
            return found.equals(MemoryTable.jsonb(json));
        }
        if (!(expected instanceof Yaml.Scalar scalar) || scalar.isNull()) {
            return false;
        }
        String text = scalar.text();
        return switch (type) {
            case Type.Decimal _ -> sameNumber(text, found);
            case Type.Array _ -> text.equals(found);
            case Type.Simple simple ->
                switch (simple) {
                    case INTEGER, BIGINT -> sameNumber(text, found);
                    case DOUBLE -> sameNumber(text, found) || text.equals(found);
                    case BOOLEAN, VARCHAR, DATE, JSON -> text.equals(found);
                    case TIMESTAMP, TIMESTAMP_TZ -> sameTime(text, found);
                };
        };
    }

    private static boolean sameNumber(String expected, String found) {
        try {
            return new BigDecimal(expected).compareTo(new BigDecimal(found)) == 0;
        } catch (NumberFormatException e) {
            // NaN, or a text that is no number: it equals none.
            return false;
        }
    }

    /** {@code T} and {@code Z} may be written as everywhere, and as PostgreSQL has it. */
    private static boolean sameTime(String expected, String found) {
        return expected.replace('T', ' ').replace("Z", "+00").equals(found);
    }
}
