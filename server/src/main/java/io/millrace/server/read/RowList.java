package io.millrace.server.read;

import io.millrace.api.Nearest;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Answers rows page by page, in the order of their key. Thread-safe. */
final class RowList implements Handler {

    private final Tables tables;
    private final Serving serving;

    /** What rows are ordered by, as SQL. */
    private final List<String> order;

    RowList(Tables tables, Serving serving) {
        this.tables = tables;
        this.serving = serving;
        // Where nothing else tells rows apart, their place in the table does.
        this.order = serving.key().isEmpty()
                ? List.of("t.ctid")
                : serving.key().stream().map(OneRow::column).toList();
    }

    /** A question to the server, with its parameters in their order. */
    private record Question(String sql, List<String> values) {}

    @Override
    public Answer handle(Request request) throws ProblemException, SQLException {
        Map<String, List<String>> query = request.query();
        int limit = Paging.limit(query);
        Question question = question(request, query, limit);
        String page = tables.query(page(List.of(), null), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(question.sql())) {
                for (int i = 0; i < question.values().size(); i++) {
                    statement.setObject(i + 1, question.values().get(i), Types.OTHER);
                }
                try (ResultSet rows = statement.executeQuery()) {
                    return page(rows, limit);
                }
            } catch (SQLException e) {
                if (Tables.noValue(e)) {
                    throw new ProblemException(
                            Problem.badRequest("A value can't be one of its column's type, or the cursor is not ours."),
                            e);
                }
                throw e;
            }
        });
        return Tagged.json(request, page);
    }

    private Question question(Request request, Map<String, List<String>> query, int limit) throws ProblemException {
        List<String> conditions = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (String parameter : serving.path().parameters()) {
            conditions.add(OneRow.column(parameter) + " = ?");
            values.add(request.parameter(parameter));
        }
        for (Map.Entry<String, List<String>> filter : query.entrySet()) {
            String name = filter.getKey();
            if (name.equals(Serving.LIMIT) || name.equals(Serving.AFTER)) {
                continue;
            }
            if (!serving.columns().contains(name)) {
                throw new ProblemException(Problem.badRequest("A filter names no column of this list."
                        + Nearest.didYouMean(name, serving.columns()) + " There are "
                        + String.join(", ", serving.columns()) + ", and limit and after."));
            }
            conditions.add(OneRow.column(name) + " = ?");
            values.add(Paging.one(name, filter.getValue()));
        }
        String columns = String.join(", ", order);
        List<String> after = query.containsKey(Serving.AFTER)
                ? Paging.decode(Paging.one(Serving.AFTER, query.get(Serving.AFTER)), order.size())
                : List.of();
        if (!after.isEmpty()) {
            String marks = after.stream().map(value -> "?").collect(Collectors.joining(", "));
            conditions.add(order.size() == 1 ? columns + " > " + marks : "(" + columns + ") > (" + marks + ")");
            values.addAll(after);
        }
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        String keys = order.stream().map(column -> column + "::text").collect(Collectors.joining(", "));
        String sql = "SELECT " + OneRow.json(serving.columns()) + ", " + keys + " FROM " + serving.tableSql() + " t"
                + where + " ORDER BY " + columns + " LIMIT " + (limit + 1);
        return new Question(sql, values);
    }

    private String page(ResultSet rows, int limit) throws SQLException {
        List<String> found = new ArrayList<>();
        List<String> last = new ArrayList<>();
        boolean more = false;
        while (rows.next()) {
            if (found.size() == limit) {
                more = true;
                break;
            }
            found.add(rows.getString(1));
            last.clear();
            for (int i = 0; i < order.size(); i++) {
                last.add(rows.getString(i + 2));
            }
        }
        return page(found, more ? Paging.encode(last) : null);
    }

    private static String page(List<String> rows, @org.jspecify.annotations.Nullable String next) {
        return "{\"rows\":[" + String.join(",", rows) + "],\"next\":" + (next == null ? "null" : '"' + next + '"')
                + "}";
    }
}
