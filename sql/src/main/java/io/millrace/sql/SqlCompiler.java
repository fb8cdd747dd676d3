package io.millrace.sql;

import io.millrace.sql.calcite.CalciteFrontEnd;
import java.util.List;

/** Checks queries and turns them into plans. Stateless and thread-safe. */
public final class SqlCompiler {

    private SqlCompiler() {}

    /**
     * Compiles one SELECT over {@code input}.
     *
     * @param sql the query
     * @param declared the columns of the input; where there are none, every name is a field whose type follows from the
     *     casts around it
     * @param retractions whether the source takes rows back, which rules out MIN and MAX
     */
    public static Compiled compile(String sql, List<DeclaredColumn> declared, boolean retractions) {
        return new CalciteFrontEnd(sql, declared, retractions).compile();
    }

    /** The same for a source that never takes rows back. */
    public static Compiled compile(String sql, List<DeclaredColumn> declared) {
        return compile(sql, declared, false);
    }
}
