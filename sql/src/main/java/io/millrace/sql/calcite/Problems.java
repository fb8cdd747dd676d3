package io.millrace.sql.calcite;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/** What is wrong with a query, in the order in which it was found. */
final class Problems {
    private final List<Refusal> found = new ArrayList<>();

    void add(Refusal refusal) {
        found.add(refusal);
    }

    void add(SqlNode at, String message) {
        found.add(new Refusal(at.getParserPosition(), message));
    }

    int count() {
        return found.size();
    }

    List<Refusal> found() {
        return found;
    }

    /** Runs a part of the check so that the others go on where it ends in a refusal. Null then. */
    <T> @Nullable T attempt(Supplier<@Nullable T> check) {
        try {
            return check.get();
        } catch (Refusal e) {
            add(e);
            return null;
        }
    }

    /** As {@link #attempt(Supplier)} for a part without a result. */
    void attempt(Runnable check) {
        attempt(() -> {
            check.run();
            return null;
        });
    }
}
