package io.millrace.sql.calcite;

import io.millrace.api.Nearest;
import io.millrace.api.Projection;
import io.millrace.api.Type;
import io.millrace.sql.DeclaredColumn;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Expr.Surrounding.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
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

    private record Element(String name, Type type) {}

    private final Map<String, DeclaredColumn> declared = new LinkedHashMap<>();
    private final Map<List<String>, Uses> undeclared = new HashMap<>();
    private final Map<List<String>, Integer> read = new LinkedHashMap<>();
    private final List<Projection.Field> fields = new ArrayList<>();
    private final List<Element> elements = new ArrayList<>();
    private String table = "input";

    Inputs(List<DeclaredColumn> columns) {
        columns.forEach(column -> declared.put(column.path(), column));
    }

    boolean areDeclared() {
        return !declared.isEmpty();
    }

    boolean isDeclared(String path) {
        return declared.containsKey(path);
    }

    /** The paths of the declared columns, in their order. */
    Set<String> declaredPaths() {
        return declared.keySet();
    }

    /** {@code FROM input AS e}. */
    void alias(String alias) {
        table = alias;
    }

    /** A dotted name without the table before it. */
    List<String> path(List<String> names) {
        boolean qualified = names.size() > 1
                && (names.getFirst().equals("input") || names.getFirst().equals(table))
                && !declared.containsKey(String.join(".", names));
        return qualified ? names.subList(1, names.size()) : names;
    }

    // The first walk notes how undeclared fields are used

    void usedAs(List<String> path, Type cast) {
        uses(path).casts.add(cast);
    }

    void usedBare(List<String> path) {
        uses(path).bare = true;
    }

    void usedAsArray(List<String> path) {
        uses(path).array = true;
    }

    void usedAsJson(List<String> path) {
        uses(path).json = true;
    }

    private Uses uses(List<String> path) {
        return undeclared.computeIfAbsent(path, p -> new Uses());
    }

    /** Whether a name is that of a field, as far as the first walk has come. */
    boolean isField(String name) {
        return areDeclared() ? declared.containsKey(name) : undeclared.containsKey(List.of(name));
    }

    // The second walk resolves names

    /** Adds the column of an UNNEST. Its place comes behind the fields, whose number is not known yet. */
    void addElement(SqlParserPos place, String name, Type type) {
        if (elements.stream().anyMatch(e -> e.name().equals(name)) || declared.containsKey(name)) {
            throw new Refusal(place, "there is another column \"" + name + "\"; give the elements a name of their own");
        }
        elements.add(new Element(name, type));
    }

    List<String> elementNames() {
        return elements.stream().map(Element::name).toList();
    }

    private static @Nullable Kind surrounding(String name) {
        return switch (name) {
            case "_received_at" -> Kind.RECEIVED_AT;
            case "_source" -> Kind.SOURCE;
            case "_offset" -> Kind.OFFSET;
            case "_client" -> Kind.CLIENT;
            default -> null;
        };
    }

    /** The expression that a dotted name stands for. */
    Expr resolve(SqlIdentifier identifier) {
        SqlParserPos place = identifier.getParserPosition();
        if (identifier.isStar()) {
            throw new Refusal(place, "* stands only in SELECT * and COUNT(*)");
        }
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i).name().equals(identifier.names.getFirst())) {
                Expr element = new Expr.Input(-1 - i, elements.get(i).type());
                return JsonPaths.member(identifier, element, identifier.names, 1);
            }
        }
        List<String> path = path(identifier.names);
        Kind surrounding = path.size() == 1 ? surrounding(path.getFirst()) : null;
        if (surrounding != null) {
            return new Expr.Surrounding(surrounding);
        }
        if (!areDeclared()) {
            if (identifier.isSimple()
                    && (path.getFirst().equals("input") || path.getFirst().equals(table))) {
                throw new Refusal(place, "\"" + path.getFirst() + "\" is the whole record; name a field of it");
            }
            Uses uses = undeclared.get(path);
            return read(path, uses == null ? Type.VARCHAR : uses.type(), true, true);
        }
        for (int length = path.size(); length > 0; length--) {
            List<String> prefix = path.subList(0, length);
            DeclaredColumn column = declared.get(String.join(".", prefix));
            if (column != null) {
                Expr input = read(prefix, column.type(), column.nullable(), false);
                return JsonPaths.member(identifier, input, path, length);
            }
        }
        throw new Refusal(place, unknown(String.join(".", path)));
    }

    private String unknown(String name) {
        String inside = declared.keySet().stream()
                .filter(path -> path.startsWith(name + "."))
                .findFirst()
                .orElse(null);
        if (inside != null) {
            return "\"" + name + "\" is an object; name a field of it, such as " + inside;
        }
        List<String> known = new ArrayList<>(declared.keySet());
        known.addAll(elementNames());
        known.addAll(List.of("_received_at", "_source", "_offset", "_client"));
        String nearest = Nearest.to(name, known);
        String declares = nearest != null
                ? "; did you mean \"" + nearest + "\"?"
                : "; the columns are "
                        + String.join(", ", declared.keySet().stream().limit(10).toList())
                        + (declared.size() > 10 ? " and others" : "");
        return "there is no column \"" + name + "\"" + declares;
    }

    private Expr read(List<String> path, Type type, boolean nullable, boolean lenient) {
        Integer index = read.get(path);
        if (index == null) {
            index = fields.size();
            read.put(List.copyOf(path), index);
            fields.add(new Projection.Field(path, type, nullable, lenient));
        }
        return new Expr.Input(index, type);
    }

    Projection projection() {
        return new Projection(fields);
    }

    /** Whether an input column can be null. */
    boolean isNullable(Expr.Input input) {
        return input.column() < 0 || fields.get(input.column()).nullable();
    }

    /** Whether a column is a field that is read as text because nothing says what it is. */
    boolean isUndeclaredText(Expr.Input input) {
        return input.column() >= 0
                && fields.get(input.column()).lenient()
                && input.type().equals(Type.VARCHAR);
    }
}
