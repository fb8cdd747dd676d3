package io.millrace.sql.calcite;

import io.millrace.api.Projection;
import io.millrace.api.Type;
import io.millrace.sql.DeclaredColumn;
import io.millrace.sql.Nearest;
import io.millrace.sql.plan.Expr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** The columns that a query can name, and those that it does. */
final class Inputs {

    /** What the uses of an undeclared field ask of it. */
    private static final class Uses {
        private final Set<Type> casts = new LinkedHashSet<>();
        private boolean bare;
        private boolean array;
        private boolean json;

        Type type() {
            if (array) {
                return Type.array(Type.JSON);
            }
            if (json) {
                return Type.JSON;
            }
            return !bare && casts.size() == 1 ? casts.iterator().next() : Type.VARCHAR;
        }
    }

    private final Map<String, DeclaredColumn> declared = new LinkedHashMap<>();
    private final Map<String, Uses> undeclared = new HashMap<>();
    private final Map<String, Integer> read = new LinkedHashMap<>();
    private final List<Projection.Field> fields = new ArrayList<>();
    /** Columns that an UNNEST adds: alias or column name to its place behind the fields. */
    private final Map<String, Integer> elements = new LinkedHashMap<>();

    private final List<Type> elementTypes = new ArrayList<>();

    Inputs(List<DeclaredColumn> columns) {
        columns.forEach(column -> declared.put(column.path(), column));
    }

    boolean areDeclared() {
        return !declared.isEmpty();
    }

    Set<String> declaredNames() {
        return declared.keySet();
    }

    /** Whether a field of this path is declared, or none is and every name is a field. */
    boolean isField(String path) {
        return declared.isEmpty() || declared.containsKey(path);
    }

    // The first walk notes how undeclared fields are used

    void usedAs(String path, Type cast) {
        uses(path).casts.add(cast);
    }

    void usedBare(String path) {
        uses(path).bare = true;
    }

    void usedAsArray(String path) {
        uses(path).array = true;
    }

    void usedAsJson(String path) {
        uses(path).json = true;
    }

    private Uses uses(String path) {
        return undeclared.computeIfAbsent(path, p -> new Uses());
    }

    // The second walk resolves names

    /** Adds the column of an UNNEST. */
    void addElement(SqlParserPos place, String name, Type type) {
        if (elements.putIfAbsent(name, elementTypes.size()) != null) {
            throw new Refusal(place, "two columns are named " + name);
        }
        elementTypes.add(type);
    }

    boolean isElement(String name) {
        return elements.containsKey(name);
    }

    /** The expression that a dotted name stands for. */
    Expr resolve(SqlParserPos place, List<String> names) {
        List<String> path =
                names.size() > 1 && names.getFirst().equals("input") && !declared.containsKey(names.getFirst())
                        ? names.subList(1, names.size())
                        : names;
        String name = String.join(".", path);
        Integer element = elements.get(path.getFirst());
        if (element != null) {
            Expr column = new Expr.Input(-1 - element, elementTypes.get(element));
            return path.size() == 1 ? column : JsonPaths.member(place, column, path.subList(1, path.size()));
        }
        switch (name) {
            case "_received_at" -> {
                return new Expr.Surrounding(Expr.Surrounding.Kind.RECEIVED_AT);
            }
            case "_source" -> {
                return new Expr.Surrounding(Expr.Surrounding.Kind.SOURCE);
            }
            case "_offset" -> {
                return new Expr.Surrounding(Expr.Surrounding.Kind.OFFSET);
            }
            default -> {}
        }
        if (declared.isEmpty()) {
            Uses uses = undeclared.get(name);
            return read(name, path, uses == null ? Type.VARCHAR : uses.type(), true, true);
        }
        for (int length = path.size(); length > 0; length--) {
            String prefix = String.join(".", path.subList(0, length));
            DeclaredColumn column = declared.get(prefix);
            if (column != null) {
                Expr input = read(prefix, path.subList(0, length), column.type(), column.nullable(), false);
                return length == path.size()
                        ? input
                        : JsonPaths.member(place, input, path.subList(length, path.size()));
            }
        }
        throw new Refusal(place, unknown(name));
    }

    private String unknown(String name) {
        Set<String> known = new TreeSet<>(declared.keySet());
        known.addAll(elements.keySet());
        known.addAll(List.of("_received_at", "_source", "_offset"));
        String near = Nearest.to(name, known);
        return near == null
                ? "no column is named " + name + "; the columns are " + String.join(", ", declared.keySet())
                : "no column is named " + name + "; did you mean " + near + "?";
    }

    private Expr read(String name, List<String> path, Type type, boolean nullable, boolean lenient) {
        Integer index = read.get(name);
        if (index == null) {
            index = fields.size();
            read.put(name, index);
            fields.add(new Projection.Field(path, type, nullable, lenient));
        }
        return new Expr.Input(index, type);
    }

    Projection projection() {
        return new Projection(fields);
    }

    /** Whether an input column can be null. */
    boolean nullable(Expr.Input input) {
        return input.column() < 0 || fields.get(input.column()).nullable();
    }

    /** The type that an undeclared field was given by its casts; null where it has none of its own. */
    @Nullable
    Type castType(String name) {
        Uses uses = undeclared.get(name);
        return uses == null || uses.bare || uses.array || uses.json || uses.casts.size() != 1 ? null : uses.type();
    }
}
