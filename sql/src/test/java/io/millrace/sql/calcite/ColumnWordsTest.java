package io.millrace.sql.calcite;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sql.Compiled;
import io.millrace.sql.DeclaredColumn;
import io.millrace.sql.Queries;
import io.millrace.sql.SqlCompiler;
import io.millrace.sql.plan.Plan;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.calcite.sql.parser.babel.SqlBabelParserImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everyday words are names of columns wherever a column can stand. */
class ColumnWordsTest {

    /** {@code @} is a word; each query reads the field of this name and perhaps {@code a} and {@code b}. */
    private static final List<String> PLACES = List.of(
            "SELECT @ FROM input",
            "SELECT @, b FROM input",
            "SELECT b, @ FROM input",
            "SELECT @ AS x FROM input",
            "SELECT input.@ FROM input",
            "SELECT (@) AS x FROM input",
            "SELECT CAST(@ AS DATE) AS x FROM input",
            "SELECT CAST(@ AS BIGINT) + 1 AS x FROM input",
            "SELECT @::BIGINT AS x FROM input",
            "SELECT a || @ AS x FROM input",
            "SELECT @ || a AS x FROM input",
            "SELECT UPPER(@) AS x FROM input",
            "SELECT COALESCE(a, @) AS x FROM input",
            "SELECT COALESCE(@, 'x') AS x FROM input",
            "SELECT CASE @ WHEN 'x' THEN a ELSE b END AS x FROM input",
            "SELECT CASE WHEN a = @ THEN @ ELSE @ END AS x FROM input",
            "SELECT CASE WHEN @ = 'x' THEN a END AS x FROM input",
            "SELECT a FROM input WHERE @ > 'x' AND a = 'y'",
            "SELECT a FROM input WHERE a = 'x' OR @ IS NULL",
            "SELECT a FROM input WHERE NOT @ = 'x'",
            "SELECT a FROM input WHERE @ IN ('x', 'y')",
            "SELECT a FROM input WHERE a IN (@, 'y')",
            "SELECT a FROM input WHERE @ NOT IN ('x')",
            "SELECT a FROM input WHERE @ BETWEEN 'x' AND 'y'",
            "SELECT a FROM input WHERE a BETWEEN @ AND @",
            "SELECT a FROM input WHERE @ NOT LIKE 'x%'",
            "SELECT a FROM input WHERE a LIKE @",
            "SELECT a FROM input WHERE a <> @",
            "SELECT a FROM input WHERE CAST(a AS BIGINT) * CAST(@ AS BIGINT) > 2",
            "SELECT a, COUNT(@) AS n FROM input GROUP BY a",
            "SELECT a, SUM(CAST(@ AS BIGINT)) AS n FROM input GROUP BY a",
            "SELECT @ || 'x' AS x, a || @ || b AS y FROM input",
            "SELECT a, COUNT(*) FILTER (WHERE @ = 'x') AS n FROM input GROUP BY a",
            "SELECT @, COUNT(*) AS n FROM input GROUP BY @",
            "SELECT a, @, COUNT(*) AS n FROM input GROUP BY a, @",
            "SELECT EXTRACT(YEAR FROM CAST(@ AS TIMESTAMP)) AS x FROM input",
            "SELECT FLOOR(CAST(@ AS TIMESTAMP) TO DAY) AS x FROM input",
            "SELECT SUBSTRING(@ FROM 2 FOR 3) AS x FROM input",
            "SELECT TRIM(BOTH 'x' FROM @) AS x FROM input",
            "SELECT\n  @ -- a comment\n  , a /* @ */ FROM input",
            "SELECT a AS x FROM input WHERE @ = 'x';");

    private static final List<String> EVERYDAY = List.of(
            "value",
            "values",
            "user",
            "key",
            "order",
            "name",
            "timestamp",
            "date",
            "time",
            "day",
            "year",
            "month",
            "hour",
            "type",
            "row",
            "rows",
            "group",
            "from",
            "to",
            "limit",
            "offset",
            "range",
            "table",
            "set",
            "default",
            "left",
            "right",
            "position",
            "count",
            "sum",
            "start",
            "end",
            "begin",
            "first",
            "last",
            "next",
            "current",
            "language",
            "method",
            "partition",
            "source",
            "status",
            "result",
            "text",
            "level",
            "uuid",
            "interval",
            "match",
            "call",
            "role",
            "session",
            "zone",
            "version",
            "full",
            "window",
            "distinct",
            "all",
            "any",
            "on",
            "with",
            "update",
            "delete",
            "create",
            "monday",
            "final",
            "exists",
            "unique",
            "language",
            "size",
            "json",
            "array",
            "double",
            "float",
            "integer",
            "char");

    /** Words that mean something of their own where an operand can stand. */
    private static final Set<String> OWN_MEANING = Set.of(
            "select",
            "case",
            "when",
            "not",
            "null",
            "true",
            "false",
            "unknown",
            "current_catalog",
            "current_date",
            "current_path",
            "current_role",
            "current_schema",
            "current_time",
            "current_timestamp",
            "current_user",
            "localtime",
            "localtimestamp",
            "session_user",
            "system_user");

    /** {@code input} alone is the record; {@code as} is a name only in quotes. */
    private static final Set<String> NOT_ALONE = Set.of("as", "input");

    static Stream<String> everyday() {
        return EVERYDAY.stream();
    }

    @ParameterizedTest
    @MethodSource("everyday")
    void anEverydayWordIsAColumnInEveryPlace(String word) {
        List<String> failed = new ArrayList<>();
        for (String place : PLACES) {
            String query = place.replace("@", word);
            if (!reads(query, word)) {
                failed.add(query + " " + SqlCompiler.compile(query, List.of()));
            }
        }
        assertThat(failed).isEmpty();
    }

    @Test
    void everyWordThatTheParserKnowsIsAColumnUnlessItMeansSomethingOfItsOwn() {
        Set<String> failed = new TreeSet<>();
        for (String token : SqlBabelParserImpl.FACTORY
                .getParser(new StringReader(""))
                .getMetadata()
                .getTokens()) {
            String word = token.toLowerCase(Locale.ROOT);
            if (word.matches("[a-z_]+") && !OWN_MEANING.contains(word) && !NOT_ALONE.contains(word)) {
                for (String place : PLACES.subList(0, 5)) {
                    if (!reads(place.replace("@", word), word)) {
                        failed.add(word);
                    }
                }
            }
        }
        assertThat(failed).isEmpty();
    }

    @Test
    void anyWordIsANameBehindADotAndBehindAs() {
        for (String word : OWN_MEANING) {
            assertThat(reads("SELECT input." + word + " FROM input", word))
                    .as(word)
                    .isTrue();
            assertThat(reads("SELECT a." + word + " FROM input", "a." + word))
                    .as(word)
                    .isTrue();
            assertThat(Queries.plan("SELECT a AS " + word + " FROM input")
                            .outputs()
                            .getFirst()
                            .name())
                    .isEqualTo(word);
        }
    }

    @ParameterizedTest
    @MethodSource("everyday")
    void anEverydayWordIsAnAliasAndAnObject(String word) {
        Plan plan = Queries.plan("SELECT a AS " + word + ", " + word + ".b AS c, x." + word + ".y AS d FROM input");

        assertThat(plan.outputs().getFirst().name()).isEqualTo(word);
        assertThat(Queries.fields(plan))
                .containsExactly("a VARCHAR ?", word + ".b VARCHAR ?", "x." + word + ".y VARCHAR ?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT DATE '2026-01-31' AS x FROM input",
                "SELECT TIMESTAMP '2026-01-31 12:00:00' AS x FROM input",
                "SELECT DATE '2026-01-31' + INTERVAL '1' DAY AS x FROM input",
                "SELECT DATE '2026-01-31' + INTERVAL -'1' DAY AS x FROM input",
                "SELECT LEFT('abc', 1) AS x, RIGHT('abc', 1) AS y FROM input",
                "SELECT CASE WHEN NOT TRUE THEN 1 ELSE 2 END AS x FROM input",
                "SELECT CASE WHEN -1 > 2 THEN 1 ELSE 2 END AS x FROM input",
                "SELECT CASE WHEN (TRUE) THEN 1 ELSE 2 END AS x FROM input",
                "SELECT ALL 'x' AS x FROM input",
                "SELECT COUNT(*) AS n, 'x' AS x FROM input GROUP BY x",
                "SELECT COUNT(*) FILTER (WHERE NOT TRUE) AS n, 'x' AS x FROM input GROUP BY x",
                "SELECT COUNT(ALL 1) AS n, 'x' AS x FROM input GROUP BY x",
                "SELECT SUM(ALL -1) AS n, 'x' AS x FROM input GROUP BY x",
                "SELECT CAST('1' AS DATE) AS x, '2'::TIMESTAMP AS y FROM input",
                "SELECT CAST('1' AS TIMESTAMP WITH TIME ZONE) AS x FROM input",
                "SELECT 'order' AS x, '\"date\"' AS y, 'it''s a date' AS z FROM input",
                "SELECT 1 AS x /* date */ FROM input -- order",
                "SELECT NULL IS NULL AS x, TRUE AS y FROM input",
                "SELECT 1 IS NOT DISTINCT FROM 2 AS x, 1 IS DISTINCT FROM 2 AS y FROM input",
            })
    void wordsOfSqlKeepTheirMeaning(String query) {
        assertThat(Queries.fields(Queries.plan(query))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"day", "year", "month", "hour", "week", "date", "timestamp", "time", "at"})
    void aUnitOfTimeIsAColumnWhereNoUnitIsMeant(String word) {
        List<DeclaredColumn> columns = Queries.columns(word + " TIMESTAMP");
        for (String query : List.of(
                "SELECT DATE_TRUNC('day', @) AS x FROM input",
                "SELECT EXTRACT(DAY FROM @) AS x FROM input",
                "SELECT FLOOR(@ TO DAY) AS x FROM input",
                "SELECT @ + INTERVAL '1' DAY AS x FROM input",
                "SELECT @ - INTERVAL 1 DAY AS x FROM input")) {
            assertThat(Queries.fields(Queries.plan(query.replace("@", word), columns)))
                    .containsExactly(word + " TIMESTAMP");
        }
    }

    @Test
    void namesKeepTheirCase() {
        assertThat(Queries.fields(Queries.plan("SELECT Date, DATE, oRDER, \"Order\", userId FROM input")))
                .containsExactly(
                        "Date VARCHAR ?", "DATE VARCHAR ?", "oRDER VARCHAR ?", "Order VARCHAR ?", "userId VARCHAR ?");
    }

    @Test
    void aQuotedNameMayHoldAnything() {
        assertThat(Queries.fields(Queries.plan("SELECT \"a b\", \"x.y\", \"say \"\"hi\"\"\", \"select\" FROM input")))
                .containsExactly("a b VARCHAR ?", "x.y VARCHAR ?", "say \"hi\" VARCHAR ?", "select VARCHAR ?");
    }

    @Test
    void namesMayBeOfAnyScript() {
        assertThat(Queries.fields(Queries.plan("SELECT größe, имя, ḋḁṯḛ, ṿ FROM input")))
                .containsExactly("größe VARCHAR ?", "имя VARCHAR ?", "ḋḁṯḛ VARCHAR ?", "ṿ VARCHAR ?");
    }

    @Test
    void placesAreThoseOfTheTextAsItWasWritten() {
        assertThat(Queries.problems("SELECT date, order,\n  user, 1 + group AS x\nFROM input WHERE left", List.of()))
                .containsExactly(
                        "2:13: \"group\" has no declared type, so it is read as text, but + needs a number; declare it"
                                + " under \"columns:\" (group: BIGINT) or write CAST(group AS BIGINT)",
                        "3:18: \"left\" has no declared type, so it is read as text, but WHERE needs a condition; declare"
                                + " it under \"columns:\" (left: BOOLEAN) or write CAST(left AS BOOLEAN)");
    }

    private static boolean reads(String query, String field) {
        return SqlCompiler.compile(query, List.of()) instanceof Compiled.Ok(Plan plan, var branches)
                && plan.input().fields().stream().anyMatch(f -> f.name().equals(field));
    }

    @Test
    void aValueThatIsAddedToIsNoRow() {
        for (String term : List.of("value + 1", "value - 1", "-value", "value * 2", "(value)", "1 - value")) {
            String query = "SELECT SUM(" + term + ") AS s, a FROM input WHERE " + term + " > 0 GROUP BY a";
            assertThat(Queries.problems(query, Queries.columns("a VARCHAR", "value BIGINT")))
                    .as(query)
                    .isEmpty();
        }
    }
}
