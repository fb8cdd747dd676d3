package io.millrace.sql;

import io.millrace.sql.plan.Plan;
import java.util.List;

/** What became of a query. */
public sealed interface Compiled {

    /** It is sound. */
    record Ok(Plan plan) implements Compiled {}

    /** It is not; every problem that was found, in the order of their places. */
    record Refused(List<SqlProblem> problems) implements Compiled {
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
