package io.millrace.connectors.postgres;

import io.millrace.api.Evolution;
import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds a table that is there to a shape: what is to be altered where that is allowed, and what a person must decide, each
 * with the SQL to run by hand. Asks the catalog only.
 */
final class TableComparison {

    private final Connection connection;
    private final TargetTable target;
    private final TableShape shape;
    private final Set<Evolution> allowed;
    private final Set<String> evolved;
    private final ExistingTable existing;

    private final List<String> problems = new ArrayList<>();
    private final List<String> remedies = new ArrayList<>();
    /** What would solve a problem if it were allowed. */
    private final Set<Evolution> wouldHelp = EnumSet.noneOf(Evolution.class);

    /** Averages that are made anew, since a column that they are made from gets another type. */
    private final Set<TableShape.Average> remade = new LinkedHashSet<>();

    private final List<String> clauses = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final List<TargetTable.Alteration> averages = new ArrayList<>();

    /** Read where a type is to be changed. */
    private @Nullable List<ExistingTable.User> users;

    /**
     * @param allowed what may be altered
     * @param evolved columns that may be added whatever else may be altered
     */
    TableComparison(
            Connection connection,
            TargetTable target,
            ExistingTable existing,
            Set<Evolution> allowed,
            Set<String> evolved) {
        this.evolved = evolved;
        this.connection = connection;
        this.target = target;
        this.shape = target.shape();
        this.existing = existing;
        this.allowed = allowed;
    }

    /**
     * The statements that make the table fit; none where it does.
     *
     * @throws SinkException with everything that only a person can decide
     */
    List<TargetTable.Alteration> alterations() throws SQLException, SinkException {
        if (existing.table()) {
            compareColumns();
            compareAverages();
            compareRest();
        } else {
            problems.add("it is not a table");
        }
        List<TargetTable.Alteration> alterations = inOrder();
        if (!problems.isEmpty()) {
            throw new SinkException(refusal(alterations));
        }
        return alterations;
    }

    private List<TargetTable.Alteration> inOrder() {
        List<TargetTable.Alteration> alterations = new ArrayList<>();
        for (TableShape.Average average : remade) {
            alterations.add(new TargetTable.Alteration(
                    alter("DROP COLUMN " + Identifiers.quote(average.name())),
                    "average " + average.name() + " taken away to be made anew"));
        }
        if (!clauses.isEmpty()) {
            alterations.add(new TargetTable.Alteration(alter(String.join(", ", clauses)), String.join(", ", done)));
        }
        alterations.addAll(averages);
        for (TableShape.Average average : remade) {
            alterations.add(new TargetTable.Alteration(
                    alter("ADD COLUMN " + target.average(average)), "average " + average.name() + " made anew"));
        }
        return alterations;
    }

    private String refusal(List<TargetTable.Alteration> alterations) {
        String message = problems.stream()
                .map(problem -> "\n  - " + problem)
                .collect(Collectors.joining(
                        "", "The table " + target.name() + " exists and does not fit the pipeline:", "\n"));
        if (remedies.isEmpty()) {
            message += "Write to another table";
        } else {
            message += remedies.stream()
                    .map(remedy -> "\n  " + remedy + ";")
                    .collect(
                            Collectors.joining("", existing.ours() ? "Change it:" : "Have its owner change it:", "\n"));
            if (!wouldHelp.isEmpty() && existing.ours()) {
                message += "or allow what is safe of it (`evolve: ["
                        + wouldHelp.stream()
                                .map(evolution -> evolution.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))
                        + "]` under `into: postgres`), ";
            }
            message += "or write to another table";
        }
        message += " (`table` under `into: postgres`).";
        if (!alterations.isEmpty()) {
            message += "\nThe next run then does the rest, as `evolve` allows:"
                    + alterations.stream()
                            .map(alteration -> "\n  " + alteration.sql() + ";")
                            .collect(Collectors.joining());
        }
        return message;
    }

    private void compareColumns() throws SQLException {
        for (TableShape.Col column : shape.columns()) {
            String quoted = Identifiers.quote(column.name());
            ExistingTable.Found found = existing.columns().get(column.name());
            if (found == null) {
                missing(column);
                continue;
            }
            if (found.generated()) {
                problems.add("column " + column.name() + " is generated, and the pipeline writes it");
                remedies.add(alter("ALTER COLUMN " + quoted + " DROP EXPRESSION"));
            }
            if (!ColumnTypes.holds(found.type(), column)) {
                otherType(column, found);
            }
            if (column.nullable() && found.notNull() && column.merge() != Merge.KEY) {
                problems.add("column " + column.name() + " takes no null, and the pipeline may write null");
                remedies.add(alter("ALTER COLUMN " + quoted + " DROP NOT NULL"));
            }
        }
    }

    private void missing(TableShape.Col column) throws SQLException {
        String type = ColumnTypes.of(column);
        String missing = "column " + column.name() + " (" + type + ") is missing";
        String add = "ADD COLUMN " + Identifiers.quote(column.name()) + " " + type;
        if (evolved.contains(column.name()) && existing.ours()) {
            clauses.add(add);
            done.add("column " + column.name() + " (" + type + ") added");
            return;
        }
        Optional<String> similar = similar(column.name());
        if (similar.isPresent()) {
            problems.add(missing + ", but there is \"" + similar.get() + "\": names keep their case here");
            remedies.add(alter(
                    "RENAME COLUMN " + Identifiers.quote(similar.get()) + " TO " + Identifiers.quote(column.name())));
            return;
        }
        if (shape.mode() != Mode.APPEND && column.merge() == Merge.KEY) {
            problems.add(missing + (allowed.isEmpty() ? "" : ", and it is of the key, which does not evolve"));
            remedies.add(alter(add));
            return;
        }
        if (!may(Evolution.ADD_COLUMNS)) {
            problems.add(missing);
            remedies.add(alter(add));
            return;
        }
        if (column.nullable()) {
            clauses.add(add);
        } else if (!ExistingTable.hasRows(connection, target.name())) {
            clauses.add(add + " NOT NULL");
        } else if (column.merge() == Merge.ADD) {
            // Of the rows that are there it counts from now on.
            clauses.add(add + " NOT NULL DEFAULT 0");
        } else {
            problems.add(
                    missing + " and takes no null, and the table has rows, which have no value for it: add it as one"
                            + " that may be null, or with NOT NULL and a DEFAULT for them");
            remedies.add(alter(add));
            return;
        }
        done.add("column " + column.name() + " (" + type + ") added");
    }

    private void otherType(TableShape.Col column, ExistingTable.Found found) throws SQLException {
        String quoted = Identifiers.quote(column.name());
        String type = ColumnTypes.of(column);
        String differs = "column " + column.name() + " is " + found.type() + ", and the pipeline writes " + type;
        Optional<String> wider = Widening.of(found.type(), column);
        if (wider.isEmpty()) {
            problems.add(differs
                    + (allowed.contains(Evolution.WIDEN_TYPES) ? ", to which it can't be widened without a risk" : ""));
            remedies.add(alter("ALTER COLUMN " + quoted + " TYPE " + type + " USING " + quoted + "::" + type));
            return;
        }
        String change = "ALTER COLUMN " + quoted + " TYPE " + wider.get();
        List<ExistingTable.User> users = users(column.name());
        List<TableShape.Average> own = new ArrayList<>();
        List<ExistingTable.User> foreign = new ArrayList<>();
        for (ExistingTable.User user : users) {
            Optional<TableShape.Average> average = shape.averages().stream()
                    .filter(a -> a.name().equals(user.generated()))
                    .findFirst();
            ExistingTable.Found generated = existing.columns().get(user.generated());
            if (average.isPresent() && generated != null && generated.bare()) {
                own.add(average.get());
            } else {
                foreign.add(user);
            }
        }
        if (may(Evolution.WIDEN_TYPES) && foreign.isEmpty()) {
            remade.addAll(own);
            clauses.add(change);
            done.add("column " + column.name() + " widened from " + found.type() + " to " + wider.get());
            return;
        }
        problems.add(differs + inTheWay(foreign));
        if (users.isEmpty()) {
            remedies.add(alter(change + " USING " + quoted + "::" + wider.get()));
        } else {
            remedies.add(aroundUsers(users, change));
        }
    }

    private static String inTheWay(List<ExistingTable.User> users) {
        return users.isEmpty()
                ? ""
                : "; its type can't be changed while "
                        + users.stream()
                                .map(user -> user.view().isEmpty()
                                        ? "the generated column " + user.generated()
                                        : "the view " + user.view())
                                .distinct()
                                .collect(Collectors.joining(" and "))
                        + " uses it";
    }

    /** One piece of SQL that takes away what uses a column, changes it, and brings that back. */
    private String aroundUsers(List<ExistingTable.User> users, String change) {
        List<String> before = new ArrayList<>();
        List<String> after = new ArrayList<>();
        for (ExistingTable.User user : users) {
            Optional<TableShape.Average> average = shape.averages().stream()
                    .filter(a -> a.name().equals(user.generated()))
                    .findFirst();
            if (!user.view().isEmpty()) {
                before.add(
                        user.create().startsWith("CREATE MATERIALIZED")
                                ? "DROP MATERIALIZED VIEW " + user.view()
                                : "DROP VIEW " + user.view());
                after.add(user.create().replaceAll("\\s+", " "));
            } else if (average.isPresent()) {
                before.add(alter("DROP COLUMN " + Identifiers.quote(user.generated())));
                after.add(alter("ADD COLUMN " + target.average(average.get())));
            } else {
                before.add(alter("ALTER COLUMN " + Identifiers.quote(user.generated()) + " DROP EXPRESSION"));
            }
        }
        List<String> statements = new ArrayList<>(before);
        statements.add(alter(change));
        statements.addAll(after);
        return String.join("; ", statements);
    }

    private List<ExistingTable.User> users(String column) throws SQLException {
        List<ExistingTable.User> all = users;
        if (all == null) {
            all = existing.users(connection);
            users = all;
        }
        return all.stream().filter(user -> user.column().equals(column)).toList();
    }

    private void compareAverages() {
        for (TableShape.Average average : shape.averages()) {
            String definition = target.average(average);
            ExistingTable.Found found = existing.columns().get(average.name());
            if (found == null) {
                if (may(Evolution.ADD_COLUMNS)) {
                    averages.add(new TargetTable.Alteration(
                            alter("ADD COLUMN " + definition), "average " + average.name() + " added"));
                } else {
                    problems.add("column " + average.name() + " is missing");
                    remedies.add(alter("ADD COLUMN " + definition));
                }
            } else if (!found.generated()) {
                problems.add(
                        "column " + average.name() + " is an average and must be generated from its sum and count");
                remedies.add(alter("DROP COLUMN " + Identifiers.quote(average.name()) + ", ADD COLUMN " + definition));
            }
        }
    }

    private void compareRest() {
        existing.columns().forEach((column, found) -> {
            boolean ours = shape.columns().stream().anyMatch(c -> c.name().equals(column));
            if (!ours && found.notNull() && !found.filledIn() && !found.generated()) {
                problems.add(
                        "column " + column + " takes no null and has no default, and the pipeline does not write it");
                remedies.add(alter("ALTER COLUMN " + Identifiers.quote(column) + " DROP NOT NULL"));
            }
        });
        List<String> key = target.keyColumns();
        if (!key.isEmpty() && target.keyIndexes(existing).isEmpty()) {
            problems.add(
                    "there is no primary key and no unique constraint on exactly (" + String.join(", ", key) + ")");
            remedies.add(alter("ADD UNIQUE (" + Identifiers.quoteAll(key) + ")"));
        }
    }

    /** A column that differs in case only, which SQL in the database may well have made. */
    private Optional<String> similar(String name) {
        return existing.columns().keySet().stream()
                .filter(column -> column.equalsIgnoreCase(name))
                .filter(column ->
                        shape.columns().stream().noneMatch(c -> c.name().equals(column)))
                .findFirst();
    }

    /** Whether it may be done, by the pipeline file and by the database. */
    private boolean may(Evolution evolution) {
        if (allowed.contains(evolution)) {
            return existing.ours();
        }
        wouldHelp.add(evolution);
        return false;
    }

    private String alter(String clause) {
        return "ALTER TABLE " + target.name().sql() + " " + clause;
    }
}
