package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sql.plan.Plan;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Whatever is written, the compiler answers: with a plan that can be sent, or with problems whose places exist. */
class CompilerPropertyTest {

    private static final List<String> TOKENS = List.of(
            ("SELECT FROM input WHERE GROUP BY AS i b d f s t flag day at doc tags items client . , ( ) + - * / % = <"
                            + " > <> || :: [ ] ; 1 2.5 1e3 'x' '2026-01-31' \"i\" NULL TRUE NOT AND OR IN BETWEEN LIKE"
                            + " IS CASE WHEN THEN ELSE END CAST TRY_CAST BIGINT VARCHAR DATE TIMESTAMP INTERVAL DAY"
                            + " HOUR EXTRACT YEAR FLOOR TO SUM COUNT AVG MIN MAX FILTER DISTINCT UNNEST CROSS JOIN LEFT"
                            + " ON ORDER LIMIT HAVING UNION OVER PARTITION WITH VALUES ROW ARRAY EXISTS COALESCE REJECT"
                            + " JSON_VALUE '$.a' LOWER value order user date -- /* ' \" é 😀 \t \r \n")
                    .split(" "));

    private static final List<String> SEEDS = List.of(
            "SELECT s, SUM(CASE t WHEN 'a' THEN b WHEN 'b' THEN -b ELSE REJECT('no') END) AS x FROM input GROUP BY s",
            "SELECT i + 1 AS a, d * 2.5 AS b, s || t AS c, day + INTERVAL '1' DAY AS e FROM input WHERE i IN (1, 2) AND b"
                    + " BETWEEN 3 AND 4 OR s LIKE 'x%'",
            "SELECT item.a AS a, CAST(item.b AS BIGINT) AS b, tags[1] AS c FROM input CROSS JOIN UNNEST(items) AS t(item)",
            "SELECT client.app, EXTRACT(YEAR FROM at) AS y, FLOOR(seen TO HOUR) AS h, AVG(f) AS m, COUNT(*) FILTER (WHERE"
                    + " flag) AS n FROM input GROUP BY client.app, EXTRACT(YEAR FROM at), FLOOR(seen TO HOUR)",
            "SELECT JSON_VALUE(doc, '$.a' RETURNING BIGINT) AS j, TRIM(BOTH 'x' FROM s) AS k, POSITION('a' IN s) AS p FROM"
                    + " input");

    @Provide
    Arbitrary<String> soup() {
        return Arbitraries.of(TOKENS).list().ofMaxSize(30).map(tokens -> String.join(" ", tokens));
    }

    @Property(tries = 1000)
    void soupOfTokensIsAnswered(@ForAll("soup") String query) throws Exception {
        check(query);
    }

    @Property(tries = 1000)
    void soupInAQueryIsAnswered(@ForAll("soup") String expression) throws Exception {
        check("SELECT " + expression + " AS x FROM input");
    }

    @Property(tries = 1000)
    void anyTextIsAnswered(@ForAll String text) throws Exception {
        check(text);
    }

    @Property(tries = 1000)
    void aQueryWithSlipsIsAnswered(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        StringBuilder query = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
        for (int slips = 1 + random.nextInt(4); slips > 0 && !query.isEmpty(); slips--) {
            int at = random.nextInt(query.length());
            switch (random.nextInt(4)) {
                case 0 -> query.deleteCharAt(at);
                case 1 -> query.insert(at, ' ' + TOKENS.get(random.nextInt(TOKENS.size())) + ' ');
                case 2 -> query.setCharAt(at, (char) random.nextInt(32, 127));
                default -> query.delete(at, Math.min(query.length(), at + random.nextInt(12)));
            }
        }
        check(query.toString());
    }

    @Test
    void depthAndLengthAreRefusedAndNeverBreak() throws Exception {
        check("SELECT " + "(".repeat(20_000) + "1" + ")".repeat(20_000) + " AS x FROM input");
        check("SELECT i" + " + i".repeat(20_000) + " AS x FROM input");
        check("SELECT " + "- ".repeat(10_000) + "i AS x FROM input");
        check("SELECT " + "CASE WHEN flag THEN ".repeat(3_000) + "1" + " END".repeat(3_000) + " AS x FROM input");
        check("SELECT i FROM input WHERE flag" + " AND flag".repeat(1_000));
        check("x".repeat(100_001));
    }

    private static void check(String query) throws Exception {
        for (List<DeclaredColumn> columns : List.of(Queries.COLUMNS, List.<DeclaredColumn>of())) {
            switch (SqlCompiler.compile(query, columns)) {
                case Compiled.Ok(Plan plan, var branches) ->
                    assertThat(sent(plan)).isEqualTo(plan);
                case Compiled.Refused(List<SqlProblem> problems) -> {
                    assertThat(problems).isNotEmpty();
                    int lines = query.split("\r\n|\r|\n", -1).length;
                    for (SqlProblem problem : problems) {
                        assertThat(problem.line()).isBetween(1, lines);
                        assertThat(problem.column()).isBetween(1, query.length() + 1);
                        assertThat(problem.message())
                                .isNotBlank()
                                .doesNotContain("\n")
                                .doesNotContain("Encountered");
                    }
                }
            }
        }
    }

    private static Object sent(Plan plan) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(plan);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }
}
