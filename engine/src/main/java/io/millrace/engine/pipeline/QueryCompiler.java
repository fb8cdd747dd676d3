package io.millrace.engine.pipeline;

import io.millrace.api.Type;
import io.millrace.sql.plan.Plan;
import java.util.List;
import org.jspecify.annotations.Nullable;

interface QueryCompiler {
    record Declared(String path, Type type, boolean nullable) {}

    interface Sink {
        void problem(int line, int column, String message);
    }

    @Nullable
    Plan compile(String sql, List<Declared> declared, Sink problems);

    QueryCompiler NONE = (sql, declared, problems) -> null;
}
