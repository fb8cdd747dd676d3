package io.millrace.sql.calcite;

import io.millrace.api.Nearest;
import io.millrace.sql.FunctionCatalog;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** Says what to do instead of calling what there is not. */
final class UnknownFunctions {

    static final Set<String> AGGREGATES = Set.of("SUM", "COUNT", "MIN", "MAX", "AVG");

    private static final String QUERY =
            "a query can't stand within a query; load what it would read into a table of its own and join in the"
                    + " destination";

    private UnknownFunctions() {}

    static Refusal refusal(SqlCall call, String source) {
        return new Refusal(call.getParserPosition(), message(call, source));
    }

    private static String message(SqlCall call, String source) {
        String name = call.getOperator().getName();
        String upper = name.toUpperCase(Locale.ROOT);
        if (call.getKind() == SqlKind.OVER) {
            return "windows hold rows back until others have come, so there are none here; GROUP BY the key, or run the"
                    + " window over the table in the destination";
        }
        if (isQuery(call)) {
            return QUERY;
        }
        if (AGGREGATES.contains(upper) || call.getKind() == SqlKind.FILTER) {
            return "an aggregate stands alone as a column of the SELECT list, not within WHERE, GROUP BY or another"
                    + " aggregate";
        }
        switch (call.getKind()) {
            case ROW -> {
                return "several values in parentheses can't stand here; compare them one by one";
            }
            case POSIX_REGEX_CASE_SENSITIVE, POSIX_REGEX_CASE_INSENSITIVE -> {
                return "write REGEXP_LIKE(text, 'pattern')";
            }
            case ARRAY_VALUE_CONSTRUCTOR -> {
                return "an array can't be made in a query";
            }
            default -> {}
        }
        if (call.getOperator().isAggregator() || isAggregateElsewhere(upper)) {
            return upper + " can't be added up record by record; load the rows and compute it in the destination, as a"
                    + " view for instance (there are SUM, COUNT, MIN, MAX and AVG)";
        }
        String instead = instead(upper);
        if (instead != null) {
            return "there is no function " + upper + "; " + instead;
        }
        if (!(call.getOperator() instanceof SqlFunction)) {
            return "\"" + source + "\" can't stand here";
        }
        String nearest = Nearest.to(upper, FunctionCatalog.names());
        return "there is no function " + name
                + (nearest == null
                        ? "; the functions are listed in docs/reference/functions.md"
                        : "; did you mean " + nearest + "?");
    }

    private static boolean isQuery(SqlCall call) {
        return call.isA(SqlKind.QUERY)
                || call.getKind() == SqlKind.EXISTS
                || call.getKind() == SqlKind.UNIQUE
                || call.getKind() == SqlKind.SCALAR_QUERY
                || call.getKind() == SqlKind.SOME
                || call.getKind() == SqlKind.ALL;
    }

    private static boolean isAggregateElsewhere(String name) {
        return switch (name) {
            case "STDDEV",
                    "STDDEV_POP",
                    "STDDEV_SAMP",
                    "VARIANCE",
                    "VAR_POP",
                    "VAR_SAMP",
                    "ARRAY_AGG",
                    "STRING_AGG",
                    "LISTAGG",
                    "GROUP_CONCAT",
                    "JSON_AGG",
                    "JSONB_AGG",
                    "JSON_OBJECT_AGG",
                    "MEDIAN",
                    "MODE",
                    "PERCENTILE_CONT",
                    "PERCENTILE_DISC",
                    "APPROX_COUNT_DISTINCT",
                    "BOOL_AND",
                    "BOOL_OR",
                    "EVERY",
                    "ANY_VALUE",
                    "FIRST_VALUE",
                    "LAST_VALUE",
                    "FIRST",
                    "LAST",
                    "ROW_NUMBER",
                    "RANK",
                    "DENSE_RANK",
                    "LAG",
                    "LEAD" -> true;
            default -> false;
        };
    }

    /** What other systems call by a name that is none here. */
    private static @Nullable String instead(String name) {
        return switch (name) {
            case "NOW", "GETDATE", "SYSDATE", "CLOCK_TIMESTAMP", "UNIX_TIMESTAMP", "CURDATE" ->
                "it would give another time each time a record is read; use _received_at";
            case "RANDOM", "RAND", "UUID", "GEN_RANDOM_UUID", "NEWID" ->
                "it would give another value each time a record is read; make one of what the record has, with SHA256";
            case "IFNULL", "NVL", "ISNULL" -> "write COALESCE(a, b)";
            case "IF", "IIF", "DECODE" -> "write CASE WHEN condition THEN a ELSE b END";
            case "LEN" -> "write LENGTH(text)";
            case "INSTR", "CHARINDEX", "LOCATE" -> "write POSITION(part IN text)";
            case "UCASE" -> "write UPPER(text)";
            case "LCASE" -> "write LOWER(text)";
            case "TO_CHAR", "DATE_FORMAT" -> "write FORMAT_TIMESTAMP('yyyy-MM-dd', time), or CAST(x AS VARCHAR)";
            case "TO_DATE", "STR_TO_DATE" -> "write PARSE_DATE('yyyy-MM-dd', text), or CAST(text AS DATE)";
            case "TO_NUMBER" -> "write CAST(text AS DECIMAL(18, 2))";
            case "DATEDIFF", "DATE_DIFF", "TIMESTAMPDIFF", "TIMESTAMP_DIFF" ->
                "take dates from each other for days; for seconds EXTRACT(EPOCH FROM a) - EXTRACT(EPOCH FROM b)";
            case "DATEADD", "DATE_ADD", "DATE_SUB", "TIMESTAMPADD", "TIMESTAMP_ADD" ->
                "add an interval: time + INTERVAL '1' DAY";
            case "YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND" ->
                "write EXTRACT(" + name + " FROM time)";
            case "DAYOFMONTH" -> "write EXTRACT(DAY FROM time)";
            case "DAYOFYEAR" -> "write EXTRACT(DOY FROM time)";
            case "DAYOFWEEK" -> "write EXTRACT(ISODOW FROM time)";
            case "FROM_UNIXTIME" -> "write TO_TIMESTAMP(seconds)";
            case "TIMESTAMP_TRUNC", "DATETIME_TRUNC" -> "write DATE_TRUNC('day', time)";
            case "CONVERT_TIMEZONE" -> "write AT_TIME_ZONE(time, 'Europe/Berlin')";
            case "JSON_EXTRACT", "JSON_EXTRACT_SCALAR", "GET_JSON_OBJECT", "JSON_EXTRACT_PATH_TEXT" ->
                "write JSON_VALUE(json, '$.name') for a value, JSON_QUERY for an object or an array";
            case "JSON_EXISTS" -> "write JSON_VALUE(json, '$.name') IS NOT NULL";
            case "REGEXP_EXTRACT" -> "write REGEXP_SUBSTR(text, 'pattern')";
            case "REGEXP_MATCHES", "REGEXP_CONTAINS", "REGEXP" -> "write REGEXP_LIKE(text, 'pattern')";
            case "SUBSTRING_INDEX" -> "write SPLIT_PART(text, delimiter, 1)";
            case "CONCAT_WS" -> "write a || ', ' || b";
            case "SHA2", "SHA" -> "write SHA256(text)";
            case "LOG" -> "write LN(x), the natural logarithm";
            case "LOG10" -> "write LN(x) / LN(10)";
            case "RAISE", "RAISE_ERROR", "ERROR" -> "write REJECT('why')";
            case "ARRAY_LENGTH", "SIZE" -> "write CARDINALITY(array)";
            default -> null;
        };
    }
}
