package io.millrace.server.read;

import io.millrace.connectors.postgres.Identifiers;
import io.millrace.server.http.Answer;
import io.millrace.server.http.Handler;
import io.millrace.server.http.Problem;
import io.millrace.server.http.ProblemException;
import io.millrace.server.http.Request;
import io.millrace.server.http.Tagged;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Answers a row by its key. Thread-safe. */
final class OneRow implements Handler {

    private final Tables tables;
    private final List<String> parameters;
    private final String sql;

    OneRow(Tables tables, Serving serving) {
        this.tables = tables;
        this.parameters = serving.path().parameters();
        this.sql = "SELECT " + json(serving.columns()) + " FROM " + serving.tableSql() + " t WHERE "
                + parameters.stream().map(name -> column(name) + " = ?").collect(Collectors.joining(" AND "))
                + " LIMIT 1";
    }

    static String column(String name) {
        return "t." + Identifiers.quote(name);
    }

    /** PostgreSQL itself renders the row, with every type as exact as it is: numbers by their digits, JSON as JSON. */
    static String json(List<String> columns) {
        return "(SELECT row_to_json(c) FROM (SELECT "
                + columns.stream().map(OneRow::column).collect(Collectors.joining(", ")) + ") c)::text";
    }

    @Override
    public Answer handle(Request request) throws ProblemException, SQLException {
        if (!request.query().isEmpty()) {
            throw new ProblemException(Problem.badRequest("This path takes nothing after a question mark."));
        }
        Optional<String> row = tables.query(Optional.empty(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < parameters.size(); i++) {
                    // Without a type: the server takes that of the column.
                    statement.setObject(i + 1, request.parameter(parameters.get(i)), Types.OTHER);
                }
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
                }
            } catch (SQLException e) {
                if (Tables.noValue(e)) {
                    // What can't be a value of the key's type is the key of no row.
                    return Optional.empty();
                }
                throw e;
            }
        });
        return Tagged.json(request, row.orElseThrow(() -> new ProblemException(Problem.noSuchRow())));
    }
}
