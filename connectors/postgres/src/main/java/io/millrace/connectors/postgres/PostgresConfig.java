package io.millrace.connectors.postgres;

import io.millrace.api.Doc;
import io.millrace.api.Evolution;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline file says under {@code into: postgres:}.
 *
 * @param table the table, {@code name} or {@code schema.name}
 * @param key the columns of the key; empty where there is none
 * @param version the column whose highest value wins; null where the later row wins
 * @param evolve what may be altered of a table that does not fit
 * @param url the server; null for that of the environment or the embedded one
 */
@Doc("A table in PostgreSQL: the embedded one, or any PostgreSQL 15 or newer.")
public record PostgresConfig(
        @Doc("The table to write, `name` or `schema.name`; `public` where no schema is given. It is created from the"
                + " query's columns where it does not exist.")
        String table,

        @Doc(
                value = "The columns that identify a row. With `GROUP BY` rows with the same key are merged, without it"
                        + " the newer replaces the older. Leave it out to append.",
                byDefault = "[]")
        List<String> key,

        @Doc("The column that tells which of two rows with the same key is newer: the higher value wins, in whatever"
                + " order they arrive, and null loses. Without it the row that was read later wins.")
        @Nullable
        String version,

        @Doc(
                value = "What may be altered of a table that is there and lacks a column or has one that is too narrow:"
                        + " `add_columns`, `widen_types`. What is not allowed, or would not be safe, is refused with"
                        + " the SQL to run by hand.",
                byDefault = "[]")
        Set<Evolution> evolve,

        @Doc("The server, as `postgresql://user:password@host:5432/database` or a JDBC URL; take the password from"
                + " `${NAME}`. Where it is left out `MILLRACE_DATABASE_URL` tells it, and where that is not set the"
                + " embedded PostgreSQL is used.")
        @Nullable
        String url) {

    public PostgresConfig {
        key = List.copyOf(key);
        evolve = Set.copyOf(evolve);
    }

    /** Without the URL, which may hold a password. */
    @Override
    public String toString() {
        return "PostgresConfig[table=" + table + ", key=" + key + ", version=" + version + ", evolve=" + evolve + "]";
    }
}
