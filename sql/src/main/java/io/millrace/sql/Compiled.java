package io.millrace.sql;

import io.millrace.sql.plan.Plan;
import java.util.List;

/** What became of a query. */
public sealed interface Compiled {

    /**
     * It is sound.
     *
     * @param branches the ways through it, for those who want to know which are taken
     */
    record Ok(Plan plan, Branches branches) implements Compiled {}

    /** It is not; every problem that was found, in the order of their places. */
    record Refused(List<SqlProblem> problems) implements Compiled {
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
