package io.millrace.sql.oracle;

import io.millrace.api.SinkException;
import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's answers.
 *
 * <p>Many expressions are asked for at once, by a PL/pgSQL function that goes over the rows and catches the error of each
 * expression by itself. The columns are fields of a variable there, and the plan is made without their values: else the
 * planner would fold {@code 1 / 0 + NULL} to null.
 */
final class Oracle implements AutoCloseable {
    private static final Path HOME = Path.of("target/oracle").toAbsolutePath();

    private final EmbeddedPostgres server;
    private final Connection connection;

    private Oracle(EmbeddedPostgres server, Connection connection) {
        this.server = server;
        this.connection = connection;
    }

    /** Starts the server, or joins the one of another test. */
    static Oracle start() throws SinkException, InterruptedException, SQLException, IOException {
        Files.createDirectories(HOME);
        EmbeddedPostgres server = EmbeddedPostgres.start(HOME);
        boolean started = false;
        try {
            Properties properties = new Properties();
            properties.setProperty("user", server.user());
            properties.setProperty("password", server.password());
            Connection connection = new org.postgresql.Driver().connect(server.jdbcUrl(), properties);
            if (connection == null) {
                throw new SQLException(server.jdbcUrl());
            }
            Oracle oracle = new Oracle(server, connection);
            oracle.execute(
                    "DROP SCHEMA IF EXISTS oracle CASCADE; CREATE SCHEMA oracle;"
                            + " SET search_path = oracle, pg_catalog; SET TimeZone = 'UTC'; SET plan_cache_mode = force_generic_plan");
            oracle.execute(FUNCTIONS);
            started = true;
            return oracle;
        } finally {
            if (!started) {
                server.close();
            }
        }
    }

    private static final String FUNCTIONS = """
            CREATE FUNCTION oracle.oracle_number(v numeric) RETURNS numeric LANGUAGE plpgsql STABLE STRICT AS $$
            BEGIN
                IF v = 'NaN' THEN RAISE EXCEPTION 'not a number'; END IF;
                RETURN v;
            END $$;
            -- Millrace has no infinite times.
            CREATE FUNCTION oracle.oracle_timestamp(v double precision) RETURNS timestamptz
            LANGUAGE plpgsql STABLE STRICT AS $$
            BEGIN
                IF v IN ('Infinity', '-Infinity') THEN RAISE EXCEPTION 'infinite'; END IF;
                RETURN to_timestamp(v);
            END $$;
            -- The quotient rounded once, half away from zero: numeric division chooses its digits by itself.
            CREATE FUNCTION oracle.oracle_quotient(a numeric, b numeric, scale integer) RETURNS numeric
            LANGUAGE plpgsql STABLE STRICT AS $$
            BEGIN
                RETURN sign(a) * sign(b) * div(2 * abs(a) * power(10::numeric, scale) + abs(b), 2 * abs(b))
                    * ('1e-' || scale)::numeric;
            END $$;
            -- PostgreSQL does not evaluate the index of a null array.
            CREATE FUNCTION oracle.oracle_element(a anyarray, i integer) RETURNS anyelement
            LANGUAGE plpgsql STABLE STRICT AS $$
            BEGIN
                RETURN a[i];
            END $$;
            CREATE FUNCTION oracle.oracle_hmac(v text, k text) RETURNS text LANGUAGE plpgsql STABLE STRICT AS $$
            DECLARE
                key bytea := convert_to(k, 'UTF8');
                i_pad bytea;
                o_pad bytea;
            BEGIN
                IF length(key) > 64 THEN key := sha256(key); END IF;
                i_pad := key || decode(repeat('00', 64 - length(key)), 'hex');
                o_pad := i_pad;
                FOR i IN 0..63 LOOP
                    i_pad := set_byte(i_pad, i, get_byte(i_pad, i) # 54);
                    o_pad := set_byte(o_pad, i, get_byte(o_pad, i) # 92);
                END LOOP;
                RETURN encode(sha256(o_pad || sha256(i_pad || convert_to(v, 'UTF8'))), 'hex');
            END $$;
            """;

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Makes the rows those that {@link #answers} asks about. */
    void load(Rows rows) throws SQLException {
        execute("DROP TABLE IF EXISTS oracle.input CASCADE");
        execute(rows.createTable("oracle.input"));
        execute(rows.insert("oracle.input"));
    }

    /** For each term the answers for all rows. */
    List<List<Answer>> answers(List<Term> terms) throws SQLException {
        execute(function(terms));
        List<List<Answer>> answers = new ArrayList<>();
        terms.forEach(t -> answers.add(new ArrayList<>()));
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("SELECT v, e FROM oracle.oracle_answers()")) {
            while (results.next()) {
                @Nullable String[] values = (String[]) results.getArray(1).getArray();
                @Nullable String[] errors = (String[]) results.getArray(2).getArray();
                for (int i = 0; i < values.length; i++) {
                    String error = errors[i];
                    // Class 42: the name or type of something is wrong, which is never the row's fault.
                    if (error != null && error.startsWith("42")) {
                        throw new IllegalStateException("The translation is wrong, " + error + "\n"
                                + terms.get(i).ours() + "\n" + terms.get(i).theirs());
                    }
                    answers.get(i).add(new Answer(values[i], error));
                }
            }
        }
        return answers;
    }

    /** The rows of a query, as text. */
    List<List<@Nullable String>> rows(String sql) throws SQLException {
        List<List<@Nullable String>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            while (results.next()) {
                List<@Nullable String> row = new ArrayList<>();
                for (int i = 1; i <= results.getMetaData().getColumnCount(); i++) {
                    row.add(results.getString(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static String function(List<Term> terms) {
        StringBuilder sql = new StringBuilder("""
                CREATE OR REPLACE FUNCTION oracle.oracle_answers() RETURNS TABLE (v text[], e text[])
                LANGUAGE plpgsql AS $oracle$
                DECLARE
                    r oracle.input%ROWTYPE;
                    x text;
                    y text;
                BEGIN
                FOR r IN SELECT * FROM oracle.input ORDER BY id LOOP
                    v := '{}';
                    e := '{}';
                """);
        for (Term term : terms) {
            sql.append("BEGIN y := NULL; x := ")
                    .append(Dialect.shown(term))
                    .append("; EXCEPTION WHEN OTHERS THEN x := NULL; y := SQLSTATE || ' ' || SQLERRM; END;\n")
                    .append("v := array_append(v, x); e := array_append(e, y);\n");
        }
        return sql.append("RETURN NEXT; END LOOP; END $oracle$").toString();
    }

    @Override
    public void close() throws SQLException {
        try (server;
                connection) {
            // Both end here, the connection first.
        }
    }
}
