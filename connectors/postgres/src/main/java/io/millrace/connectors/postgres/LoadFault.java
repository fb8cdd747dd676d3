package io.millrace.connectors.postgres;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why a table refuses a row that PostgreSQL as such could hold: what the table's owner has asked for, or a total that has
 * grown. It shows only when the row is brought in. The codes are for users; they do not change.
 */
enum LoadFault {
    NULL_VALUE("A column of the table takes no null, and the row has none for it."),
    NOT_UNIQUE("Another row has a value already that the table holds once only."),
    REFERENCE_MISSING("The row refers to a row of another table that is not there."),
    CONSTRAINT_VIOLATED("A constraint of the table does not hold for the row."),
    VALUE_DOES_NOT_FIT("A value, or the total that it is added to, does not fit its column."),
    TOO_LARGE("The row is larger than the table or one of its indexes can hold."),
    REFUSED_BY_TRIGGER("A trigger of the table has raised an error.");

    /**
     * The states that are the fault of a row, in the syntax that Java and PostgreSQL share: errors of data and of
     * constraints, a view's check option, limits, and what triggers raise. Of the errors of data not those of COPY itself,
     * which would be a fault of ours.
     */
    static final String STATES = "22(?!P0[34]).*|23.*|44000|54000|P0001";

    /** The schema of what is kept about pipelines; no record is to blame for what happens there. */
    static final String OWN_SCHEMA = "millrace";

    private final String meaning;

    LoadFault(String meaning) {
        this.meaning = meaning;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it means, for documentation. */
    String meaning() {
        return meaning;
    }

    /** Whether rows are to blame for an error. A key that another writer inserted at the same moment is not their fault. */
    static boolean isIn(SQLException e, Set<String> keyIndexes) {
        String state = PostgresErrors.state(e);
        return state.matches(STATES)
                && !PostgresErrors.schema(e).equals(OWN_SCHEMA)
                && !(state.equals(PostgresErrors.UNIQUE_VIOLATION)
                        && keyIndexes.contains(PostgresErrors.constraint(e)));
    }

    /** @param state one of {@link #STATES} */
    static LoadFault of(String state) {
        return switch (state) {
            case "23502" -> NULL_VALUE;
            case "23503" -> REFERENCE_MISSING;
            case PostgresErrors.UNIQUE_VIOLATION, "23P01" -> NOT_UNIQUE;
            case "54000" -> TOO_LARGE;
            case "P0001" -> REFUSED_BY_TRIGGER;
            default -> state.startsWith("22") ? VALUE_DOES_NOT_FIT : CONSTRAINT_VIOLATED;
        };
    }

    /**
     * About one row, without its values.
     *
     * @param constraint the constraint or the function of the trigger that refused it
     */
    String message(@Nullable String column, @Nullable String constraint, @Nullable String table) {
        String by = this == REFUSED_BY_TRIGGER ? "function " : "constraint ";
        StringBuilder message = new StringBuilder(
                switch (this) {
                    case NULL_VALUE -> "there is no value, and the column takes no null";
                    case NOT_UNIQUE -> "another row has the same value, which may be there once only";
                    case REFERENCE_MISSING -> "the row of another table that it refers to is not there";
                    case CONSTRAINT_VIOLATED -> "a constraint of the table does not hold";
                    case VALUE_DOES_NOT_FIT -> "a value or a total does not fit its column";
                    case TOO_LARGE -> "it is larger than the table or an index of it can hold";
                    case REFUSED_BY_TRIGGER -> "a trigger of the table has raised an error";
                });
        String before = ": ";
        if (column != null) {
            message.append(before).append("column ").append(column);
            before = ", ";
        }
        if (constraint != null) {
            message.append(before).append(by).append(constraint);
            before = ", ";
        }
        if (table != null) {
            message.append(before).append("table ").append(table);
        }
        return message.toString();
    }
}
