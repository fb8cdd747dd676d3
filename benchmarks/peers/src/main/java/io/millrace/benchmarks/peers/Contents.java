package io.millrace.benchmarks.peers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/**
 * What a table holds, in a form that can be compared.
 *
 * @param rows how many; -1 where there is no table
 * @param events the sum of the column
 * @param revenue the sum of the column
 * @param hash the sum of the hashes of all rows; empty where there is no table
 */
record Contents(long rows, long events, long revenue, String hash) {

    /** The same for a table of any numeric types. */
    private static final String QUERY = """
            SELECT count(*), coalesce(sum(events), 0), coalesce(sum(revenue), 0),
                   coalesce(sum(hashtextextended(user_id || '|' || trim_scale(revenue::numeric)
                                                         || '|' || trim_scale(events::numeric), 0)::numeric), 0)
            FROM users_revenue
            """;

    static Contents ofTable(String jdbcUrl) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(QUERY)) {
            result.next();
            return new Contents(result.getLong(1), result.getLong(2), result.getLong(3), result.getString(4));
        }
    }

    /** Of what {@link BareLoop} prints. */
    static Contents ofSums(String printed) {
        String[] sums = printed.strip().split(" ", -1);
        return new Contents(-1, Long.parseLong(sums[0]), Long.parseLong(sums[1]), "");
    }

    /** Whether the two agree in all that both know. */
    boolean agreesWith(Contents other) {
        boolean sums = events == other.events && revenue == other.revenue;
        boolean both = rows >= 0 && other.rows >= 0;
        return sums && (!both || (rows == other.rows && hash.equals(other.hash)));
    }

    @Override
    public String toString() {
        String sums = String.format(Locale.ROOT, "%,d events, revenue %,d", events, revenue);
        return rows < 0 ? sums : String.format(Locale.ROOT, "%,d rows, %s, hash %s", rows, sums, hash);
    }
}
