package io.millrace.sql;

import static io.millrace.sql.Queries.expr;
import static io.millrace.sql.Queries.type;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The types of expressions over {@link Queries#COLUMNS}. */
class ExpressionTypeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1 | INTEGER NOT NULL",
                "-2147483648 | INTEGER NOT NULL",
                "2147483648 | BIGINT NOT NULL",
                "-9223372036854775808 | BIGINT NOT NULL",
                "9223372036854775808 | DECIMAL(19, 0) NOT NULL",
                "1.50 | DECIMAL(3, 2) NOT NULL",
                "0.001 | DECIMAL(3, 3) NOT NULL",
                "1e3 | DOUBLE NOT NULL",
                "'it''s' | VARCHAR NOT NULL",
                "TRUE | BOOLEAN NOT NULL",
                "DATE '2026-01-31' | DATE NOT NULL",
                "TIMESTAMP '2026-01-31 12:30:00' | TIMESTAMP NOT NULL",
                "CAST(NULL AS BIGINT) | BIGINT",
                "NULL IS NULL | BOOLEAN NOT NULL",
            })
    void literals(String expression, String type) {
        assertThat(type(expression)).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "i + 1 | INTEGER NOT NULL",
                "i + b | BIGINT",
                "b / 2 | BIGINT",
                "i % 3 | INTEGER NOT NULL",
                "MOD(b, i) | BIGINT",
                "-i | INTEGER NOT NULL",
                "+b | BIGINT",
                "i + d | DECIMAL(13, 2)",
                "d + d | DECIMAL(11, 2)",
                "d - b | DECIMAL(22, 2)",
                "w + w | DECIMAL(38, 10)",
                "d * d | DECIMAL(20, 4)",
                "d * i | DECIMAL(20, 2)",
                "w * w | DECIMAL(38, 6)",
                "d / i | DECIMAL(21, 13)",
                "w / w | DECIMAL(38, 6)",
                "d % i | DECIMAL(10, 2)",
                "d * 0.5 | DECIMAL(11, 3)",
                "d + f | DOUBLE",
                "1 + 1e0 | DOUBLE NOT NULL",
                "NULL + i | INTEGER",
                "ABS(d) | DECIMAL(10, 2)",
                "SIGN(i) | INTEGER NOT NULL",
                "ROUND(d) | DECIMAL(9, 0)",
                "ROUND(d, 1) | DECIMAL(10, 1)",
                "ROUND(d, 5) | DECIMAL(11, 2)",
                "ROUND(d, -1) | DECIMAL(9, 0)",
                "TRUNC(d, 1) | DECIMAL(9, 1)",
                "ROUND(f, 2) | DOUBLE",
                "FLOOR(d) | DECIMAL(9, 0)",
                "CEIL(i) | INTEGER NOT NULL",
                "SQRT(i) | DOUBLE NOT NULL",
                "POWER(i, 2) | DOUBLE NOT NULL",
            })
    void numbers(String expression, String type) {
        assertThat(type(expression)).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "i > 1.5 | BOOLEAN NOT NULL",
                "b = i | BOOLEAN",
                "s = 'x' AND flag | BOOLEAN NOT NULL",
                "NOT flag | BOOLEAN NOT NULL",
                "b IS NULL | BOOLEAN NOT NULL",
                "b IS NOT NULL | BOOLEAN NOT NULL",
                "b IS DISTINCT FROM i | BOOLEAN NOT NULL",
                "b IS NOT DISTINCT FROM i | BOOLEAN NOT NULL",
                "(b > 1) IS UNKNOWN | BOOLEAN NOT NULL",
                "(b > 1) IS NOT TRUE | BOOLEAN NOT NULL",
                "i IN (1, 2.5, b) | BOOLEAN",
                "s NOT IN ('a', 'b') | BOOLEAN NOT NULL",
                "i BETWEEN 1 AND 5 | BOOLEAN NOT NULL",
                "i NOT BETWEEN SYMMETRIC 5 AND 1 | BOOLEAN NOT NULL",
                "s LIKE 'a!%' ESCAPE '!' | BOOLEAN NOT NULL",
                "t NOT ILIKE 'a%' | BOOLEAN",
                "day = '2026-01-31' | BOOLEAN NOT NULL",
                "at > day | BOOLEAN",
                "seen > at | BOOLEAN",
                "CASE WHEN flag THEN 1 END | INTEGER",
                "CASE WHEN flag THEN 1 ELSE 2.5 END | DECIMAL(11, 1) NOT NULL",
                "CASE i WHEN 1 THEN 'a' WHEN 2, 3 THEN 'b' ELSE REJECT('no') END | VARCHAR NOT NULL",
                "CASE WHEN flag THEN day ELSE at END | TIMESTAMP",
                "COALESCE(b, i, 0) | BIGINT NOT NULL",
                "COALESCE(t, REJECT('no text')) | VARCHAR NOT NULL",
                "NULLIF(i, 0) | INTEGER",
                "NULLIF(i, 0.5) | INTEGER",
                "GREATEST(i, b) | BIGINT NOT NULL",
                "LEAST(b, d) | DECIMAL(21, 2)",
            })
    void conditionsAndChoices(String expression, String type) {
        assertThat(type(expression)).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CONCAT(s, i, t) | VARCHAR NOT NULL",
                "LENGTH(s) | INTEGER NOT NULL",
                "TRIM(s) | VARCHAR NOT NULL",
                "TRIM(LEADING 'x' FROM s) | VARCHAR NOT NULL",
                "SUBSTRING(s FROM 2 FOR 3) | VARCHAR NOT NULL",
                "SUBSTR(s, 2) | VARCHAR NOT NULL",
                "POSITION('a' IN s) | INTEGER NOT NULL",
                "STRPOS(s, 'a') | INTEGER NOT NULL",
                "SPLIT_PART(s, ',', 1) | VARCHAR NOT NULL",
                "REGEXP_LIKE(s, '^a') | BOOLEAN NOT NULL",
                "REGEXP_SUBSTR(s, 'a+') | VARCHAR",
                "SHA256(s) | VARCHAR NOT NULL",
                "HMAC_SHA256(s, 'key') | VARCHAR NOT NULL",
                "EXTRACT(YEAR FROM day) | BIGINT NOT NULL",
                "EXTRACT(EPOCH FROM seen) | DECIMAL(20, 6)",
                "DATE_PART('year', day) | BIGINT NOT NULL",
                "DATE_TRUNC('month', day) | DATE NOT NULL",
                "FLOOR(at TO HOUR) | TIMESTAMP",
                "day + INTERVAL '1' DAY | TIMESTAMP NOT NULL",
                "day + 1 | DATE NOT NULL",
                "day - DATE '2026-01-01' | BIGINT NOT NULL",
                "seen - INTERVAL '1:30' HOUR TO MINUTE | TIMESTAMP WITH TIME ZONE",
                "AT_TIME_ZONE(seen, 'Europe/Berlin') | TIMESTAMP",
                "AT_TIME_ZONE(at, 'Europe/Berlin') | TIMESTAMP WITH TIME ZONE",
                "PARSE_DATE('yyyy-MM-dd', s) | DATE NOT NULL",
                "FORMAT_TIMESTAMP('yyyy', day) | VARCHAR NOT NULL",
                "TO_TIMESTAMP(i) | TIMESTAMP WITH TIME ZONE NOT NULL",
                "JSON_VALUE(doc, '$.a') | VARCHAR",
                "JSON_VALUE(doc, '$.a' RETURNING BIGINT) | BIGINT",
                "JSON_QUERY(doc, '$.a') | JSON",
                "doc.a.b | VARCHAR",
                "CARDINALITY(tags) | INTEGER",
                "tags[1] | VARCHAR",
                "ELEMENT_AT(items, 1) | JSON",
                "CAST(s AS DECIMAL(5, 1)) | DECIMAL(5, 1) NOT NULL",
                "s::BIGINT | BIGINT NOT NULL",
                "TRY_CAST(s AS DATE) | DATE",
                "CAST(doc AS BIGINT) | BIGINT",
                "client.version | INTEGER NOT NULL",
                "input.client.app | VARCHAR",
                "_received_at | TIMESTAMP WITH TIME ZONE NOT NULL",
                "_source | VARCHAR NOT NULL",
                "_offset | VARCHAR NOT NULL",
                "_client | VARCHAR",
            })
    void functionsAndCasts(String expression, String type) {
        assertThat(type(expression)).isEqualTo(type);
    }

    @Test
    void numbersOfTwoKindsAreBroughtToOne() {
        assertThat(expr("i + b"))
                .isEqualTo(new Expr.Call(
                        Function.ADD,
                        List.of(
                                new Expr.Cast(new Expr.Input(0, Type.INTEGER), Type.BIGINT, false),
                                new Expr.Input(1, Type.BIGINT)),
                        Type.BIGINT));
        assertThat(expr("f + 1.5"))
                .isEqualTo(new Expr.Call(
                        Function.ADD,
                        List.of(new Expr.Input(0, Type.DOUBLE), new Expr.Literal(Type.DOUBLE, 1.5)),
                        Type.DOUBLE));
    }

    @Test
    void aTextBesideADateIsADate() {
        assertThat(expr("day = '1970-01-02'"))
                .isEqualTo(new Expr.Call(
                        Function.EQ,
                        List.of(new Expr.Input(0, Type.DATE), new Expr.Literal(Type.DATE, 1L)),
                        Type.BOOLEAN));
        assertThat(expr("seen = '1970-01-01 01:00:00.5+01'"))
                .isEqualTo(new Expr.Call(
                        Function.EQ,
                        List.of(new Expr.Input(0, Type.TIMESTAMP_TZ), new Expr.Literal(Type.TIMESTAMP_TZ, 500_000L)),
                        Type.BOOLEAN));
    }

    @Test
    void aChoiceOfNothingButRejectionsKeepsItsConditions() {
        assertThat(expr("i + CASE WHEN flag THEN REJECT('a') ELSE NULL END"))
                .isEqualTo(new Expr.Call(
                        Function.ADD,
                        List.of(
                                new Expr.Input(0, Type.INTEGER),
                                new Expr.Case(
                                        List.of(new Expr.When(
                                                new Expr.Input(1, Type.BOOLEAN),
                                                new Expr.Call(
                                                        Function.REJECT,
                                                        List.of(new Expr.Literal(Type.VARCHAR, "a")),
                                                        Type.INTEGER))),
                                        new Expr.Literal(Type.INTEGER, null),
                                        Type.INTEGER)),
                        Type.INTEGER));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "INTERVAL '1' DAY | 0 | 86400000000",
                "INTERVAL '-2' HOUR | 0 | -7200000000",
                "INTERVAL -'2' HOUR | 0 | -7200000000",
                "INTERVAL '1-2' YEAR TO MONTH | 14 | 0",
                "INTERVAL '1 02:03:04.5' DAY TO SECOND | 0 | 93784500000",
                "INTERVAL '0.000001' SECOND | 0 | 1",
                "INTERVAL '2' WEEK | 0 | 1209600000000",
                "INTERVAL '1' QUARTER | 3 | 0",
                "INTERVAL 5 MINUTE | 0 | 300000000",
                "2 * INTERVAL '1' MONTH | 2 | 0",
            })
    void intervalsAreMonthsAndMicroseconds(String interval, long months, long micros) {
        assertThat(expr("at + " + interval))
                .isEqualTo(new Expr.Call(
                        Function.ADD_INTERVAL,
                        List.of(
                                new Expr.Input(0, Type.TIMESTAMP),
                                new Expr.Literal(Type.BIGINT, months),
                                new Expr.Literal(Type.BIGINT, micros)),
                        Type.TIMESTAMP));
    }

    @Test
    void whatIsNoTextBesideOneIsWrittenAsText() {
        assertThat(type("s || ' ' || i")).isEqualTo("VARCHAR NOT NULL");
        assertThat(type("s || t")).isEqualTo("VARCHAR");
    }

    @Test
    void chainsAreOneCall() {
        assertThat(((Expr.Call) expr("flag AND b > 1 AND i > 2 AND s = 'x'")).args())
                .hasSize(4);
        assertThat(((Expr.Call) expr("s || t || 'x'")).args()).hasSize(3);
    }

    @Test
    void decimalsHaveExactlyTheScaleOfTheirType() {
        assertThat(expr("100.00")).isEqualTo(new Expr.Literal(Type.decimal(5, 2), new BigDecimal("100.00")));
    }
}
