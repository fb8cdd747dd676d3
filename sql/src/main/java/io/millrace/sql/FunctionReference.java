package io.millrace.sql;

import io.millrace.sql.FunctionCatalog.Chapter;
import io.millrace.sql.FunctionCatalog.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the reference of functions from the catalogue from which queries are checked. */
public final class FunctionReference {

    /** What is no function by its form; the grammar is Calcite's, so it is listed here. */
    private static final String OPERATORS = """
            | written | what it does |
            |---|---|
            | `a + b` `a - b` `a * b` `a / b` `a % b` `-a` | Arithmetic. Whole numbers divide to whole numbers, toward zero. Overflow and division by zero reject the record. |
            | `a = b` `<>` `!=` `<` `<=` `>` `>=` | Comparison. Text compares by its bytes. |
            | `a BETWEEN b AND c`, `a NOT BETWEEN SYMMETRIC b AND c` | Both ends included; `SYMMETRIC` takes them in either order. |
            | `a IN (b, c)`, `a NOT IN (b, c)` | With SQL's logic for nulls. |
            | `a LIKE 'x%' ESCAPE '!'`, `a ILIKE 'x_'` | `%` is any text, `_` any character; `ILIKE` takes capitals for small letters. |
            | `a IS NULL`, `IS NOT NULL`, `IS TRUE`, `IS FALSE`, `IS UNKNOWN` and their `NOT` | Never null themselves. |
            | `a IS DISTINCT FROM b`, `a IS NOT DISTINCT FROM b` | Comparison in which nulls are equal. |
            | `a AND b`, `a OR b`, `NOT a` | Three-valued, from left to right. |
            | `CASE WHEN a THEN b ELSE c END`, `CASE a WHEN b THEN c END` | The first branch that applies; the others are not evaluated. |
            | `CAST(a AS type)`, `a::type` | Conversion; a value that can't be converted rejects the record. |
            | `TRY_CAST(a AS type)` | Conversion; null where it can't be done. |
            | `a \\|\\| b` | Joins texts; what is no text beside one is written as text. |
            | `time + INTERVAL '1' DAY`, `time - INTERVAL '1:30' HOUR TO MINUTE`, `time + n * INTERVAL '1' HOUR` | Of a DATE it makes a TIMESTAMP. A day is 24 hours. |
            | `date + 1`, `date - 1`, `date - date` | Days. |
            | `array[1]` | An element, from 1; null beyond. |
            | `json.name`, `item.name` | A member of JSON as text, as with `JSON_VALUE`. |
            | `DATE '2026-01-31'`, `TIMESTAMP '2026-01-31 12:30:00'` | Literals. |
            """;

    private static final String AGGREGATES = """
            Each stands alone as a column of the SELECT list, with a name, beside the columns of `GROUP BY`.

            | written | type | what it does |
            |---|---|---|
            | `SUM(number)` | BIGINT of INTEGER, DECIMAL(38, 0) of BIGINT, DECIMAL(38, s) of DECIMAL(p, s), DOUBLE of DOUBLE | The sum of what is not null. |
            | `COUNT(*)` | BIGINT | How many records. |
            | `COUNT(value)` | BIGINT | How many values that are not null. |
            | `AVG(number)` | DECIMAL(38, s) with s at least 6, DOUBLE of DOUBLE | Kept as two columns, `name__sum` and `name__count`. |
            | `MIN(value)`, `MAX(value)` | that of the value | Only over sources that never take a record back. |

            Any of them takes `FILTER (WHERE condition)`.
            """;

    private static final String NUMBERS = """
            INTEGER is converted to BIGINT, BIGINT to DECIMAL and DECIMAL to DOUBLE where they meet. Of DECIMAL(p1, s1) and
            DECIMAL(p2, s2), with INTEGER as DECIMAL(10, 0) and BIGINT as DECIMAL(19, 0):

            | operation | scale | digits in all |
            |---|---|---|
            | `+` `-` | max(s1, s2) | max(p1 - s1, p2 - s2) + scale + 1 |
            | `*` | s1 + s2 | p1 + p2 |
            | `/` | max(6, s1 + p2 + 1) | p1 - s1 + s2 + scale |
            | `%` | max(s1, s2) | min(p1 - s1, p2 - s2) + scale |

            There are 38 digits at most. Where `*` and `/` would need more, the scale gives way, down to 6 (the rule of SQL
            Server); `+`, `-` and `%` keep their scale, and a result that has no room rejects the record.
            """;

    private FunctionReference() {}

    /** The whole page, in Markdown. */
    public static String markdown() {
        StringBuilder page = new StringBuilder("""
                # Functions and operators

                <!-- Made from the code by io.millrace.sql.FunctionReference; change it there. -->

                A null argument gives null unless said otherwise. Where standard SQL leaves a choice, Millrace does what
                PostgreSQL does.
                """);
        section(page, "Operators", OPERATORS);
        section(page, "Types of arithmetic", NUMBERS);
        section(page, "Aggregates", AGGREGATES);
        for (Chapter chapter : Chapter.values()) {
            section(page, chapter.title(), table(chapter));
        }
        return page.toString();
    }

    private static void section(StringBuilder page, String title, String text) {
        page.append("\n## ").append(title).append("\n\n").append(text);
    }

    private static String table(Chapter chapter) {
        StringBuilder table = new StringBuilder("| function | type | what it does | example |\n|---|---|---|---|\n");
        for (Entry entry : FunctionCatalog.entries()) {
            if (entry.chapter() == chapter) {
                List<String> cells =
                        List.of("`" + entry.usage() + "`", entry.result(), entry.about(), "`" + entry.example() + "`");
                cells.forEach(cell ->
                        table.append("| ").append(cell.replace("|", "\\|")).append(' '));
                table.append("|\n");
            }
        }
        return table.toString();
    }

    /** Writes the page to the file that is named. */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, markdown());
    }
}
