package io.millrace.connectors.postgres;

import io.millrace.api.Commit.Counts;
import io.millrace.api.Evolution;
import io.millrace.api.Sink;
import io.millrace.testkit.SinkContract;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** PostgreSQL keeps what every sink promises. */
class PostgresContractTest extends SinkContract {

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static TestServer.Database database;

    @BeforeAll
    static void createDatabase() {
        database = TestServer.Database.create();
    }

    @AfterAll
    static void dropDatabase() {
        database.drop();
    }

    static String url() {
        return database.url();
    }

    @Override
    protected Sink open(String pipeline, String table, Set<Evolution> evolve) throws Exception {
        return Pipeline.open(database.url(), pipeline, table, evolve);
    }

    @Override
    protected List<List<@Nullable String>> rows(String table, List<String> columns) throws Exception {
        String names = columns.stream().map(Identifiers::quote).collect(Collectors.joining(", "));
        return select("SELECT " + names + " FROM " + Identifiers.quote(table));
    }

    @Override
    protected void refuse(String table, String column, String value) {
        database.execute("ALTER TABLE " + Identifiers.quote(table) + " ADD CHECK (" + Identifiers.quote(column)
                + "::text <> " + Identifiers.literal(value) + ")");
    }

    @Override
    protected long quarantined(String pipeline) throws Exception {
        return number(select("SELECT count(*) FROM millrace.quarantine WHERE pipeline = '" + pipeline + "'"), 0);
    }

    @Override
    protected Counts ledger(String pipeline) throws Exception {
        List<List<@Nullable String>> sums = select("SELECT coalesce(sum(received), 0), coalesce(sum(loaded), 0),"
                + " coalesce(sum(filtered), 0), coalesce(sum(deduplicated), 0), coalesce(sum(quarantined), 0),"
                + " coalesce(sum(dropped), 0) FROM millrace.ledger WHERE pipeline = '" + pipeline + "'");
        return new Counts(
                number(sums, 0), number(sums, 1), number(sums, 2), number(sums, 3), number(sums, 4), number(sums, 5));
    }

    private static long number(List<List<@Nullable String>> rows, int column) {
        return new BigDecimal(String.valueOf(rows.getFirst().get(column))).longValueExact();
    }

    private static List<List<@Nullable String>> select(String sql) throws Exception {
        List<List<@Nullable String>> rows = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                List<@Nullable String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }
}
