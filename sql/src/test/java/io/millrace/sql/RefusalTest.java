package io.millrace.sql;

import static io.millrace.sql.Queries.COLUMNS;
import static io.millrace.sql.Queries.problems;
import static io.millrace.sql.Queries.problemsOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of queries that can't be run: where it is, what it is and what to do. */
class RefusalTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | 1:1: the query is empty; write SELECT ... FROM input",
                "-- nothing | 1:1: the query is empty; write SELECT ... FROM input",
                "SELECT | 1:1: the query ends too early: something is missing after \"SELECT\"",
                "SELECT i | 1:1: the query reads nothing; add FROM input",
                "SELECT i FROM | 1:10: the query ends too early: something is missing after \"FROM\"",
                "SELECT i, FROM input | 1:9: nothing follows this comma; leave it out",
                "SELEC i FROM input | 1:1: a query begins with SELECT, not with \"SELEC\"; did you mean SELECT?",
                "SELECT i FORM input | 1:10: unexpected \"FORM\"; did you mean FROM?",
                "SELECT i FROM input WHER i = 1 | 1:21: unexpected \"WHER\"; did you mean WHERE?",
                "SELECT i FROM input GROPU BY i | 1:21: unexpected \"GROPU\"; did you mean GROUP?",
                "SELECT i FROM input GROUP i | 1:21: GROUP is followed by BY",
                "SELECT i FROM input WHERE | 1:21: the query ends too early: something is missing after \"WHERE\"",
                "SELECT (i FROM input | 1:8: this \"(\" is never closed; a \")\" is missing",
                "SELECT i) FROM input | 1:9: this \")\" closes nothing; a \"(\" is missing before it",
                "SELECT 'abc FROM input | 1:8: this text is never closed; a ' is missing",
                "SELECT \"i FROM input | 1:8: this name is never closed; a \" is missing",
                "SELECT i /* FROM input | 1:10: this comment is never closed; a */ is missing",
                "SELECT CASE WHEN flag THEN 1 FROM input | 1:8: this CASE has no END",
                "SELECT i FROM input WHERE i == 1 | 1:29: unexpected \"==\"; equality is written with one =",
                "SELECT i s b FROM input | 1:12: unexpected \"b\" after \"s\"; is a comma missing between them?",
                "SELECT at AT TIME ZONE 'UTC' FROM input | 1:11: AT TIME ZONE is written AT_TIME_ZONE(time, 'Europe/Berlin')",
                "SELECT i FROM input; SELECT b FROM input | 1:20: a pipeline has one SELECT; leave out the \";\" and what follows it, or write another pipeline",
            })
    void whatIsNoSqlIsToldInAWord(String query, String problem) {
        assertThat(problems(query, COLUMNS)).containsExactly(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT i FROM inptu | 1:15: there is no table \"inptu\"; a query reads from input",
                "SELECT i FROM input JOIN users ON TRUE | 1:26: a join needs all of both sides",
                "SELECT i FROM (SELECT i FROM input) | 1:16: a query reads from input only",
                "SELECT i FROM input WHERE i IN (SELECT 1) | 1:33: IN takes a list of values, not a query",
                "SELECT (SELECT 1) AS x FROM input | 1:8: a query can't stand within a query",
                "SELECT i FROM input UNION ALL SELECT b FROM input | 1:1: UNION is not possible; write a pipeline for each",
                "WITH x AS (SELECT 1) SELECT i FROM x | 1:1: WITH is not possible",
                "INSERT INTO x SELECT i FROM input | 1:1: a pipeline has a SELECT",
                "SELECT DISTINCT i FROM input | 1:8: SELECT DISTINCT can't be kept up to date by adding; GROUP BY",
                "SELECT i FROM input ORDER BY i | 1:30: ORDER BY means nothing here",
                "SELECT i FROM input LIMIT 5 | 1:27: LIMIT means nothing here",
                "SELECT i, COUNT(*) AS n FROM input GROUP BY i HAVING COUNT(*) > 1 | 1:54: HAVING can't be decided",
                "SELECT i, COUNT(DISTINCT s) AS n FROM input GROUP BY i | 1:17: COUNT(DISTINCT ...) can't be kept",
                "SELECT i, SUM(b) / COUNT(*) AS n FROM input GROUP BY i | 1:11: this computes with aggregates",
                "SELECT SUM(b) OVER (PARTITION BY i) AS n FROM input | 1:8: windows hold rows back",
                "SELECT i, STRING_AGG(s, ',') AS n FROM input GROUP BY i | 1:11: STRING_AGG can't be added up",
                "SELECT i FROM input GROUP BY ROLLUP(i) | 1:30: GROUP BY takes columns and expressions here",
                "SELECT i FROM input GROUP BY () | 1:30: GROUP BY () has no key",
                "SELECT COUNT(*) AS n FROM input | 1:8: an aggregate needs a GROUP BY",
                "SELECT i FROM input WHERE COUNT(*) > 1 | 1:27: an aggregate stands alone as a column",
                "SELECT i, SUM(SUM(b)) AS n FROM input GROUP BY i | 1:15: an aggregate stands alone as a column",
            })
    void whatIsNotLinearIsRefusedWithWhatToDoInstead(String query, String begin) {
        assertThat(problems(query, COLUMNS)).hasSize(1).first().asString().startsWith(begin);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT i, b FROM input GROUP BY i | 1:11: \"b\" is neither grouped nor aggregated",
                "SELECT COUNT(*) AS n, i FROM input GROUP BY i, s | 1:48: \"s\" is grouped by but not selected",
                "SELECT i, COUNT(*) FROM input GROUP BY i | 1:11: give this column a name: COUNT(*) AS name",
                "SELECT i + 1 FROM input | 1:8: give this column a name: i + 1 AS name",
                "SELECT i, b AS i FROM input | 1:11: there are two columns \"i\"",
                "SELECT s, AVG(b) AS m, SUM(b) AS m__sum FROM input GROUP BY s | 1:24: there are two columns \"m__sum\"",
                "SELECT i FROM input GROUP BY 2 | 1:30: GROUP BY 2 is no column of the SELECT list, which has 1",
                "SELECT LOWER(s) AS s, COUNT(*) AS n FROM input GROUP BY s | 1:8: GROUP BY s means the field \"s\"",
                "SELECT doc, COUNT(*) AS n FROM input GROUP BY doc | 1:47: \"doc\" is JSON, which can't be a key",
                "SELECT i, SUM(s) AS n FROM input GROUP BY i | 1:15: \"s\" is VARCHAR, but SUM needs a number",
                "SELECT i, SUM(flag) AS n FROM input GROUP BY i | 1:15: SUM needs a number; to count where a condition holds",
                "SELECT i, MAX(doc) AS n FROM input GROUP BY i | 1:15: MAX takes numbers, text, dates and times",
                "SELECT i, SUM(*) AS n FROM input GROUP BY i | 1:15: SUM needs a column; only COUNT takes *",
                "SELECT NULL AS x FROM input | 1:8: \"NULL\" has no type",
            })
    void columnsAndKeysMustFit(String query, String begin) {
        assertThat(problems(query, COLUMNS)).hasSize(1).first().asString().startsWith(begin);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "i + s | 5: \"s\" is VARCHAR, but + needs a number; write CAST(s AS BIGINT)",
                "1 + 'a' | 5: 'a' is text, but + needs a number",
                "1 + '5' | 5: '5' is text, but + needs a number; leave out the quotes",
                "s = 5 | 1: \"s\" is VARCHAR, but comparing it with 5 needs a number; write CAST(s AS BIGINT)",
                "i = 'x' | 5: 'x' is text, but comparing it with i needs a number",
                "day = '2026-02-30' | 7: '2026-02-30' is no DATE; one is written '2026-01-31'",
                "DATE '31.01.2026' | 1: DATE '31.01.2026' is no DATE; one is written '2026-01-31'",
                "doc = 'x' | 1: \"doc\" is JSON, which can't be compared; compare a value in it: JSON_VALUE(doc, '$.name')",
                "NOT i | 5: \"i\" is INTEGER, but NOT needs a condition; write i <> 0",
                "LOWER(i) | 7: \"i\" is INTEGER, but LOWER needs text; write CAST(i AS VARCHAR)",
                "LOWER(doc) | 7: \"doc\" is JSON, but LOWER needs text; take a value out of it with JSON_VALUE(doc, '$.name')",
                "CASE WHEN flag THEN i ELSE s END | 28: CASE can't bring together \"i\" (INTEGER) and \"s\" (VARCHAR); write a CAST around one of them",
                "at - at | 1: the time between two times has no type here; in seconds it is EXTRACT(EPOCH FROM at) - EXTRACT(EPOCH FROM at)",
                "CAST(day AS BIGINT) | 1: DATE can't be cast to BIGINT",
                "CAST(s AS BIGNIT) | 11: there is no type \"BIGNIT\"; did you mean BIGINT?",
                "lenght(s) | 1: there is no function lenght; did you mean LENGTH?",
                "IFNULL(s, 'x') | 1: there is no function IFNULL; write COALESCE(a, b)",
                "LENGTH(s, 1) | 1: CHAR_LENGTH is called as CHAR_LENGTH(text); found 2 arguments",
                "CURRENT_TIMESTAMP | 1: CURRENT_TIMESTAMP gives another time each time a record is read; use _received_at; if it is a column, write it in double quotes",
                "REGEXP_LIKE(s, '[') | 16: this is no regular expression (RE2): missing closing ] in [",
                "REGEXP_LIKE(s, t) | 16: \"t\" must be a text that stands in the query, in single quotes: REGEXP_LIKE(text, pattern)",
                "JSON_VALUE(doc, 'a.b') | 17: 'a.b' is no path into JSON, such as '$.items[0].name': it begins with $",
                "EXTRACT(YEER FROM at) | 9: there is no unit \"YEER\" here; did you mean YEAR?",
                "AT_TIME_ZONE(at, 'Mars') | 18: there is no time zone 'Mars'; one is named as 'Europe/Berlin', 'UTC' or '+02:00'",
                "REJECT(s) | 8: \"s\" must be a text that stands in the query, in single quotes: REJECT(why)",
                "usr | 1: there is no column \"usr\"; the columns are i, b, d, w, f, s, t, flag, day, at and others",
                "clinet.app | 1: there is no column \"clinet.app\"; did you mean \"client.app\"?",
                "client | 1: \"client\" is an object; name a field of it, such as client.app",
                "s.x | 1: \"s\" is VARCHAR and has no fields; only JSON has",
            })
    void aMismatchNamesItsPlaceAndTheWayOut(String expression, String problem) {
        assertThat(problemsOf(expression)).containsExactly(problem);
    }

    @Test
    void everyProblemIsToldInTheOrderOfItsPlace() {
        assertThat(problems("SELECT i + s AS a,\n  lenght(t) AS c, nope\nFROM input\nWHERE i AND b"))
                .extracting(problem -> problem.substring(0, problem.indexOf(": ")))
                .containsExactly("1:12", "2:3", "2:19", "4:7", "4:13");
    }

    @Test
    void linesEndAsYamlEndsThem() {
        assertThat(problems("SELECT i,\r\n\r  nope\nFROM input"))
                .singleElement()
                .asString()
                .startsWith("3:3: ");
    }

    @Test
    void noPageOfTokensIsEverShown() {
        for (String query :
                List.of("SELECT i FROM input WHERE i 5", "x", "SELECT , i", "SELECT i FROM input GROUP BY i 7")) {
            assertThat(problems(query))
                    .allSatisfy(p -> assertThat(p).hasSizeLessThan(300).doesNotContain("Was expecting"));
        }
    }

    @Test
    void extremesAreRefusedOverASourceThatTakesRecordsBack() {
        String query = "SELECT i, MIN(b) AS lo FROM input GROUP BY i";

        assertThat(problems(SqlCompiler.compile(query, COLUMNS, false))).isEmpty();
        assertThat(problems(SqlCompiler.compile(query, COLUMNS, true)))
                .singleElement()
                .asString()
                .startsWith("1:11: MIN can't be kept up to date over a source that takes records back");
    }
}
