package io.millrace.sql.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Projection;
import io.millrace.api.Type;
import io.millrace.sql.Branch;
import io.millrace.sql.Branches;
import io.millrace.sql.Compiled;
import io.millrace.sql.Queries;
import io.millrace.sql.SqlCompiler;
import io.millrace.sql.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BranchesTest {

    private static final List<Map<String, Object>> ROWS =
            List.of(Map.of("a", "a", "b", 1L), Map.of("a", "b"), Map.of("b", 0L), Map.of("a", "a", "b", 3L));

    @Test
    void everyArmOfACaseIsCountedWithItsPlace() {
        assertThat(hits("""
                SELECT CASE a WHEN 'a' THEN b
                         WHEN 'b' THEN -b ELSE 7 END AS x
                FROM input""")).containsExactly("1:20 WHEN 'a' THEN b 2", "2:15 WHEN 'b' THEN -b 1", "2:32 ELSE 7 1");
    }

    @Test
    void aCaseWithoutElseAndARejectionAreBranchesToo() {
        assertThat(hits("SELECT CASE WHEN a = 'a' THEN 1 END AS x, b FROM input"))
                .containsExactly("1:18 WHEN a = 'a' THEN 1 2", "1:8 CASE without ELSE: no WHEN holds 2");
        assertThat(hits("SELECT CASE WHEN b > 0 THEN CASE WHEN a = 'z' THEN REJECT('z') ELSE REJECT('other') END"
                        + " ELSE b END AS x FROM input"))
                .contains("1:39 WHEN a = 'z' THEN REJECT('z') 0", "1:69 ELSE REJECT('other') 2", "1:94 ELSE b 2");
    }

    @Test
    void bothOutcomesOfWhereAndFilterAreCounted() {
        assertThat(hits("SELECT a, COUNT(*) FILTER (WHERE b > 2) AS n FROM input WHERE a = 'a' GROUP BY a"))
                .containsExactly(
                        "1:63 WHERE a = 'a': true 2",
                        "1:63 WHERE a = 'a': not true 2",
                        "1:34 FILTER b > 2: true 1",
                        "1:34 FILTER b > 2: not true 1");
    }

    @Test
    void argumentsOfCoalesceCountWhereTheyAreTakenAndNullIfWhereItMakesNull() {
        assertThat(hits("SELECT COALESCE(a, CAST(b AS VARCHAR), 'none') AS x FROM input"))
                .containsExactly(
                        "1:17 COALESCE gives a 3",
                        "1:20 COALESCE gives CAST(b AS VARCHAR) 1",
                        "1:40 COALESCE gives 'none' 0");
        assertThat(hits("SELECT NULLIF(a, 'a') AS x, b FROM input"))
                .containsExactly("1:15 NULLIF(a, 'a'): equal 2", "1:15 NULLIF(a, 'a'): not equal 2");
        assertThat(hits("SELECT NULLIF(b, 1.0) AS x, a FROM input"))
                .containsExactly("1:15 NULLIF(b, 1.0): equal 1", "1:15 NULLIF(b, 1.0): not equal 3");
    }

    @Test
    void whatAQuerySaysOnceCountsAsOneHoweverOftenThePlanHasIt() {
        assertThat(hits("SELECT CASE WHEN a = 'a' THEN 'x' ELSE 'y' END AS k, AVG(COALESCE(b, 0)) AS m FROM input"
                        + " GROUP BY k"))
                .hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT CASE a WHEN 'a' THEN b / (b - 1) WHEN 'b' THEN 5 END AS x FROM input",
                "SELECT COALESCE(NULLIF(b, 3), 1.50) AS x, NULLIF(CAST(b AS DECIMAL(5, 2)), 3) AS y FROM input",
                "SELECT a, b FROM input WHERE COALESCE(b > 0, CASE WHEN a = 'b' THEN TRUE END)",
                "SELECT a, SUM(b) FILTER (WHERE b > 0) AS n FROM input WHERE a IS NOT NULL GROUP BY a"
            })
    void countingChangesNoResult(String sql) {
        Compiled.Ok compiled = compiled(sql);
        Transform plain = new Transform(compiled.plan(), new int[0]);
        Transform watching = new Transform(compiled.branches().watch().plan(), new int[0]);

        Transform.Result expected = plain.apply(rows(compiled.plan()).batch(), Plans.HERE);
        Transform.Result found = watching.apply(rows(compiled.plan()).batch(), Plans.HERE);

        assertThat(Table.rows(found.rows())).isEqualTo(Table.rows(expected.rows()));
        assertThat(found.failures()).isEqualTo(expected.failures());
        assertThat(found.filtered()).isEqualTo(expected.filtered());
        assertThat(found.rows().schema()).isEqualTo(expected.rows().schema());
    }

    private List<String> hits(String sql) {
        Branches.Watched watched = compiled(sql).branches().watch();
        new Transform(watched.plan(), new int[0]).apply(rows(watched.plan()).batch(), Plans.HERE);
        List<String> hits = new ArrayList<>();
        for (int i = 0; i < watched.branches().size(); i++) {
            Branch branch = watched.branches().get(i);
            hits.add(branch.line() + ":" + branch.column() + " " + branch.what() + " "
                    + watched.hits().at(i));
        }
        return hits;
    }

    /** The rows with the columns that a plan reads. */
    private static Table rows(Plan plan) {
        List<Projection.Field> fields = plan.input().fields();
        Table table = new Table(fields.stream().map(Projection.Field::type).toArray(Type[]::new));
        ROWS.forEach(row ->
                table.row(fields.stream().map(field -> row.get(field.name())).toArray()));
        return table;
    }

    private static Compiled.Ok compiled(String sql) {
        return switch (SqlCompiler.compile(sql, Queries.columns("a VARCHAR", "b BIGINT"))) {
            case Compiled.Ok ok -> ok;
            case Compiled.Refused refused -> throw new AssertionError(refused);
        };
    }
}
