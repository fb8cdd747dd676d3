package io.millrace.server.read;

import io.millrace.server.http.Operation;
import io.millrace.server.http.Operation.Media;
import io.millrace.server.http.Operation.Parameter;
import io.millrace.server.http.Problem;
import io.millrace.server.http.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the paths of this room do, for those who call them. */
final class RowOperations {

    private static final String GROUP = "data";

    private static final Problem ODD_QUERY =
            Problem.badRequest("limit must be a number from 1 to " + Paging.MOST + ".");

    private RowOperations() {}

    static Operation one(Serving serving) {
        Operation operation = Operation.of(GROUP, "One row of " + serving.table());
        return path(operation, serving)
                .tagged("The row.", Media.json(row(serving), Map.of()))
                .with(Problem.noSuchRow())
                .with(Tables.away())
                .with(Tables.tooSlow());
    }

    static Operation list(Serving serving) {
        Operation operation = path(Operation.of(GROUP, "Rows of " + serving.table()), serving)
                .describe("In the order of the key, page by page. `next` leads to the page after; it is null where"
                        + " there is nothing more.");
        for (String column : serving.columns()) {
            if (!column.equals(Serving.LIMIT) && !column.equals(Serving.AFTER)) {
                operation = operation.with(Parameter.query(
                        column,
                        "Only rows with this value.",
                        serving.column(column).asked(),
                        null));
            }
        }
        return paged(operation)
                .tagged("A page of rows.", Media.json(page("rows", row(serving)), Map.of()))
                .with(ODD_QUERY)
                .with(Tables.away())
                .with(Tables.tooSlow());
    }

    static Operation events(String parameter, List<String> field) {
        Operation operation = Operation.of(GROUP, "Events by " + String.join(".", field))
                .describe("As they were sent, the newest last. The log is looked through for a bounded time: a page may"
                        + " be short, or empty, and yet have a `next`.")
                .with(Parameter.path(parameter, "The value of the field.", Schema.string(), "abc"));
        return paged(operation)
                .json("A page of events.", page("events", Schema.of("object")), page("events", List.of()))
                .with(ODD_QUERY)
                .with(StreamEvents.tooManyScans());
    }

    private static Operation path(Operation operation, Serving serving) {
        Operation with = operation;
        for (String parameter : serving.path().parameters()) {
            Serving.Column column = serving.column(parameter);
            with = with.with(Parameter.path(parameter, "The value of this column.", column.asked(), column.example()));
        }
        return with;
    }

    private static Operation paged(Operation operation) {
        return operation
                .with(Parameter.query(
                        Serving.LIMIT,
                        "How many at most; otherwise " + Paging.USUAL_LIMIT + ".",
                        Schema.integer(1, Paging.MOST),
                        10))
                .with(Parameter.query(Serving.AFTER, "The `next` of the page before.", Schema.string(), null));
    }

    private static Schema row(Serving serving) {
        Map<String, Schema> members = new LinkedHashMap<>();
        serving.columns()
                .forEach(column -> members.put(column, serving.column(column).schema()));
        return Schema.exactly(members);
    }

    private static Schema page(String name, Schema item) {
        Map<String, Schema> members = new LinkedHashMap<>();
        members.put(name, Schema.array(item));
        members.put("next", Schema.string().orNull());
        return Schema.exactly(members);
    }

    private static Map<String, Object> page(String name, List<Object> items) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put(name, items);
        page.put("next", null);
        return page;
    }
}
