package io.millrace.sql.plan;

/**
 * The scalar functions and operators of a plan. Where standard SQL leaves a choice, they do what PostgreSQL does. Unless
 * said otherwise a null argument gives null.
 *
 * <p>"Number" below means that all arguments are of one kind: all INTEGER, all BIGINT, all DECIMAL (scales may differ)
 * or all DOUBLE. A result that does not fit the call's type rejects the record with {@code overflow}; nothing wraps.
 */
public enum Function {
    // Numbers
    ADD,
    SUBTRACT,
    MULTIPLY,
    /** Integers truncate toward zero; decimals round half away from zero to the result's scale; zero divides into a rejection. */
    DIVIDE,
    /** The remainder with the dividend's sign. */
    MOD,
    NEGATE,
    ABS,
    SIGN,
    /** ROUND(x, digits): half away from zero (DOUBLE without digits: half to even, as in PostgreSQL). Digits is an INTEGER literal, default 0. */
    ROUND,
    FLOOR,
    CEIL,
    /** TRUNC(x, digits): toward zero. */
    TRUNC,
    SQRT,
    POWER,
    LN,
    EXP,

    // Comparison: both arguments of one type (text compares by bytes, as PostgreSQL's "C" collation does)
    EQ,
    NE,
    LT,
    LE,
    GT,
    GE,
    IS_NULL,
    IS_NOT_NULL,
    /** IS NOT DISTINCT FROM. */
    NOT_DISTINCT,
    IS_TRUE,
    IS_FALSE,
    /** First argument among the others, with SQL's logic for nulls. */
    IN,
    GREATEST,
    LEAST,

    // Logic, three-valued
    AND,
    OR,
    NOT,

    // Conditional
    COALESCE,
    NULLIF,
    /** REJECT(message): rejects the record for which it is evaluated; code {@code rejected_by_query}. The message is a literal. */
    REJECT,

    // Text; positions and lengths count characters (Unicode code points), from 1
    CONCAT_OP,
    /** CONCAT(...): nulls count as empty. */
    CONCAT,
    LOWER,
    UPPER,
    /** TRIM(what, text): {@code what} is the set of characters to take off, as in PostgreSQL's btrim. */
    TRIM,
    LTRIM,
    RTRIM,
    /** SUBSTRING(text, from) or (text, from, length). A negative length rejects. */
    SUBSTRING,
    LEFT,
    RIGHT,
    POSITION,
    REPLACE,
    CHAR_LENGTH,
    OCTET_LENGTH,
    /** SPLIT_PART(text, delimiter, n): n from 1, negative from the end; 0 rejects; beyond is ''. */
    SPLIT_PART,
    LPAD,
    RPAD,
    REVERSE,
    REPEAT,
    STARTS_WITH,
    /** LIKE(text, pattern) or (text, pattern, escape); escape defaults to backslash. */
    LIKE,
    ILIKE,
    /** REGEXP_LIKE(text, pattern): RE2 syntax, linear time; pattern is a literal. */
    REGEXP_LIKE,
    /** REGEXP_REPLACE(text, pattern, replacement): every match; {@code \1} refers to a group. */
    REGEXP_REPLACE,
    /** REGEXP_SUBSTR(text, pattern): the first match or null. */
    REGEXP_SUBSTR,

    // Date and time; TIMESTAMP_TZ is taken apart in UTC
    /** EXTRACT(unit, value): unit is a VARCHAR literal in upper case: YEAR QUARTER MONTH WEEK DAY HOUR MINUTE SECOND DOW ISODOW DOY ISOYEAR EPOCH MILLISECOND MICROSECOND. DECIMAL(20,6) for SECOND, EPOCH and MILLISECOND, BIGINT for the rest. */
    EXTRACT,
    /** DATE_TRUNC(unit, value): the value's own type (a DATE stays one). */
    DATE_TRUNC,
    /** ADD_INTERVAL(value, months, microseconds), both BIGINT: of a DATE a TIMESTAMP unless the call's type is DATE. */
    ADD_INTERVAL,
    /** DATE_DIFF_DAYS(date, date): BIGINT. */
    DATE_DIFF_DAYS,
    /** PARSE_TIMESTAMP(format, text) TIMESTAMP; format is a literal of java.time patterns. */
    PARSE_TIMESTAMP,
    PARSE_DATE,
    /** FORMAT_TIMESTAMP(format, value). */
    FORMAT_TIMESTAMP,
    /** TO_TIMESTAMP(seconds as DOUBLE or DECIMAL): TIMESTAMP_TZ. */
    TO_TIMESTAMP,
    /** AT_TIME_ZONE(value, zone): TIMESTAMP_TZ to TIMESTAMP in that zone and the other way about; zone is a literal. */
    AT_TIME_ZONE,

    // JSON; path is a literal of SQL/JSON lax mode with member and index accessors: $.a.b[0]."c d"
    /** JSON_VALUE(json, path): the scalar there as VARCHAR; null where it is missing, null or no scalar. */
    JSON_VALUE,
    /** JSON_QUERY(json, path): the object or array there as JSON. */
    JSON_QUERY,

    // Arrays
    CARDINALITY,
    /** ELEMENT_AT(array, index from 1): null beyond the ends. */
    ELEMENT_AT,

    // Hashes: lower-case hexadecimal VARCHAR of the text's UTF-8 bytes
    MD5,
    SHA256,
    /** HMAC_SHA256(text, key). */
    HMAC_SHA256
}
