package io.millrace.fuzz;

import io.millrace.api.Type;
import io.millrace.sql.Compiled;
import io.millrace.sql.DeclaredColumn;
import io.millrace.sql.SqlCompiler;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Any text as a query: it is compiled, or refused with what is wrong. The first byte chooses what is declared. */
public final class SqlTarget {

    private static final List<DeclaredColumn> DECLARED = List.of(
            new DeclaredColumn("a", Type.BIGINT, true),
            new DeclaredColumn("b", Type.VARCHAR, false),
            new DeclaredColumn("c.d", Type.DOUBLE, true),
            new DeclaredColumn("t", Type.TIMESTAMP_TZ, true),
            new DeclaredColumn("j", Type.JSON, true));

    private SqlTarget() {}

    /** Loads the front end before the clock of the first input runs: instrumented, that takes many seconds. */
    public static void fuzzerInitialize() {
        SqlCompiler.compile(
                "SELECT a, SUM(CAST(b AS BIGINT)) AS s FROM input WHERE c > 1 GROUP BY a", List.of(), false);
        SqlCompiler.compile("SELECT b, COUNT(*) AS n FROM input GROUP BY b", DECLARED, true);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String sql = new String(input, 1, input.length - 1, StandardCharsets.UTF_8);
        Compiled compiled = SqlCompiler.compile(sql, (input[0] & 1) == 0 ? List.of() : DECLARED, (input[0] & 2) != 0);
        if (compiled instanceof Compiled.Refused refused && refused.problems().isEmpty()) {
            throw new AssertionError("refused without a reason");
        }
    }
}
