package io.millrace.connectors.memory;

import io.millrace.api.Evolution;
import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Average;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Holds a table that is there to a shape: what is to be altered where that is allowed, and what does not fit. */
final class Alteration {

    private final String table;
    private final TableShape there;
    private final TableShape wanted;
    private final boolean rows;
    private final Set<Evolution> allowed;
    private final Set<String> added;

    private final List<String> problems = new ArrayList<>();
    /** What would solve a problem if it were allowed. */
    private final Set<Evolution> wouldHelp = EnumSet.noneOf(Evolution.class);

    private final List<String> done = new ArrayList<>();
    private final List<Col> columns = new ArrayList<>();
    private final Map<String, @Nullable Object> defaults = new LinkedHashMap<>();

    /**
     * @param there the shape that it has
     * @param rows whether it has any
     * @param allowed what may be altered
     * @param added columns that may be added even so
     */
    Alteration(
            String table,
            TableShape there,
            TableShape wanted,
            boolean rows,
            Set<Evolution> allowed,
            Set<String> added) {
        this.table = table;
        this.there = there;
        this.wanted = wanted;
        this.rows = rows;
        this.allowed = allowed;
        this.added = added;
    }

    /**
     * What is to be done.
     *
     * @param shape what the table is to be; what it was where nothing is done
     * @param defaults what rows that are there have in columns that are new
     * @param done what was altered then, for people
     */
    record Plan(TableShape shape, Map<String, @Nullable Object> defaults, List<String> done) {}

    /** @throws SinkException with everything that is not allowed, or can't be done */
    Plan plan() throws SinkException {
        for (Col column : wanted.columns()) {
            Optional<Col> found = find(there, column.name());
            if (found.isEmpty()) {
                missing(column);
            } else {
                compare(found.get(), column);
            }
        }
        for (Col column : there.columns()) {
            if (find(wanted, column.name()).isEmpty()) {
                columns.add(column);
                if (!column.nullable()) {
                    problems.add("column " + column.name() + " takes no null, and the pipeline does not write it");
                }
            }
        }
        compareAverages();
        if (there.mode() != wanted.mode()) {
            problems.add("rows are brought in by " + there.mode() + ", and the pipeline does it by " + wanted.mode());
        } else if (!Objects.equals(version(there), version(wanted))) {
            problems.add("another column decides between versions");
        }
        if (!problems.isEmpty()) {
            throw new SinkException("The table " + table + " exists and does not fit the pipeline:\n  - "
                    + String.join("\n  - ", problems) + "\n"
                    + (wouldHelp.isEmpty()
                            ? "Write"
                            : "Allow what is safe of it (`evolve: [" + names() + "]`), or write")
                    + " to another table.");
        }
        if (done.isEmpty()) {
            return new Plan(there, Map.of(), List.of());
        }
        return new Plan(wanted.with(columns), defaults, done);
    }

    private String names() {
        return wouldHelp.stream()
                .map(evolution -> evolution.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static Optional<Col> find(TableShape shape, String name) {
        return shape.columns().stream().filter(c -> c.name().equals(name)).findFirst();
    }

    private static @Nullable String version(TableShape shape) {
        Integer version = shape.version();
        return version == null ? null : shape.columns().get(version).name();
    }

    private boolean may(Evolution evolution) {
        if (!allowed.contains(evolution)) {
            wouldHelp.add(evolution);
        }
        return allowed.contains(evolution);
    }

    private void missing(Col column) {
        String missing = "column " + column.name() + " (" + column.type().sql() + ") is missing";
        columns.add(column);
        if (wanted.mode() != Mode.APPEND && column.merge() == Merge.KEY) {
            problems.add(missing + (allowed.isEmpty() ? "" : ", and it is of the key, which does not evolve"));
        } else if (!added.contains(column.name()) && !may(Evolution.ADD_COLUMNS)) {
            problems.add(missing);
        } else if (!column.nullable() && rows && column.merge() != Merge.ADD) {
            problems.add(missing + " and takes no null, and the table has rows, which have no value for it");
        } else {
            if (!column.nullable() && rows) {
                // Of the rows that are there it counts from now on.
                defaults.put(column.name(), zero(column.type()));
            }
            done.add("column " + column.name() + " (" + column.type().sql() + ") added");
        }
    }

    private static Object zero(Type type) {
        return switch (type) {
            case Type.Decimal _ -> BigDecimal.ZERO;
            case Type.Simple simple when simple == Type.Simple.DOUBLE -> (Object) 0.0;
            case Type.Simple _, Type.Array _ -> 0L;
        };
    }

    private void compare(Col found, Col column) {
        Col kept = found;
        if (found.merge() != column.merge()) {
            problems.add(
                    "column " + column.name() + " is " + told(found) + ", and the pipeline writes " + told(column));
        } else if (!Widening.holds(found, column)) {
            Optional<Type> wider = Widening.of(found.type(), column.type());
            if (wider.isPresent() && may(Evolution.WIDEN_TYPES)) {
                kept = new Col(found.name(), wider.get(), found.nullable(), found.merge());
                done.add("column " + column.name() + " widened from "
                        + found.type().sql() + " to " + wider.get().sql());
            } else {
                problems.add(
                        "column " + column.name() + " is " + told(found) + ", and the pipeline writes " + told(column));
            }
        }
        if (column.nullable() && !found.nullable() && column.merge() != Merge.KEY) {
            problems.add("column " + column.name() + " takes no null, and the pipeline may write null");
        }
        columns.add(kept);
    }

    /** They are worked out when they are asked for, so that others than before cost nothing. */
    private void compareAverages() {
        for (Average average : wanted.averages()) {
            boolean known = there.averages().stream().anyMatch(a -> a.name().equals(average.name()));
            if (!known && may(Evolution.ADD_COLUMNS)) {
                done.add("average " + average.name() + " added");
            } else if (!known) {
                problems.add("average " + average.name() + " is missing");
            }
        }
    }

    private static String told(Col column) {
        return column.type().sql() + (column.nullable() ? "" : " NOT NULL") + " (" + column.merge() + ")";
    }
}
