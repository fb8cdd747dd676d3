package io.millrace.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.postgres.Query.Column;
import io.millrace.connectors.postgres.Query.Kind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResultWriterTest {

    private static final List<Column> COLUMNS =
            List.of(col("name", Kind.TEXT), col("n", Kind.NUMBER), col("ok", Kind.BOOLEAN), col("doc", Kind.JSON));

    @Test
    void tableAlignsNumbersToTheRightAndTextToTheLeft() {
        assertThat(written(ResultFormat.TABLE, COLUMNS, new String[][] {
                    {"user1", "98", "true", "{}"},
                    {"user20", "-12345", "false", "[1]"}
                }))
                .isEqualTo("""
                        name         n  ok     doc
                        ------  ------  -----  ---
                        user1       98  true   {}
                        user20  -12345  false  [1]
                        (2 rows)
                        """);
    }

    @Test
    void tableTellsNullFromATextThatSaysNull() {
        assertThat(written(ResultFormat.TABLE, List.of(col("a", Kind.TEXT)), new String[][] {{null}, {"NULL"}, {""}}))
                .isEqualTo("""
                        a
                        ------
                        NULL
                        "NULL"

                        (3 rows)
                        """);
    }

    @Test
    void tableShowsControlCharactersAndCountsWideOnesTwice() {
        assertThat(written(ResultFormat.TABLE, List.of(col("a", Kind.TEXT), col("b", Kind.NUMBER)), new String[][] {
                    {"x\n\u001b[31m", "1"}, {"漢字", "2"}, {"e\u0301", "3"}
                }))
                .isEqualTo("""
                        a            b
                        -----------  -
                        x\\n\\x1b[31m  1
                        漢字         2
                        e\u0301            3
                        (3 rows)
                        """);
    }

    @Test
    void tableOfNoRowsHasAHeader() {
        assertThat(written(ResultFormat.TABLE, List.of(col("a", Kind.TEXT)), new String[][] {}))
                .isEqualTo("a\n-\n(0 rows)\n");
    }

    @Test
    void tableOfManyRowsIsWrittenWhole() {
        String[][] rows = new String[2500][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new String[] {Integer.toString(i)};
        }

        assertThat(written(ResultFormat.TABLE, List.of(col("n", Kind.NUMBER)), rows)
                        .lines())
                .hasSize(2503)
                .endsWith("2499", "(2,500 rows)");
    }

    @Test
    void csvQuotesAsRfc4180AndTellsNullFromEmpty() {
        assertThat(written(ResultFormat.CSV, COLUMNS, new String[][] {
                    {"a,b", "1.50", "true", null},
                    {"say \"hi\"", null, "false", "{\"a\":1}"},
                    {"two\nlines", "3", null, ""}
                }))
                .isEqualTo("name,n,ok,doc\r\n\"a,b\",1.50,true,\r\n\"say \"\"hi\"\"\",,false,\"{\"\"a\"\":1}\"\r\n"
                        + "\"two\nlines\",3,,\"\"\r\n");
    }

    @Test
    void jsonKeepsEveryDigitAndKind() {
        assertThat(written(ResultFormat.JSON, COLUMNS, new String[][] {
                    {"q\"\\\u0001é", "123456789012345678901234567890.10", "true", "{\"a\":[1]}"},
                    {null, "NaN", null, null}
                }))
                .isEqualTo("""
                        [
                        {"name":"q\\"\\\\\\u0001é","n":123456789012345678901234567890.10,"ok":true,"doc":{"a":[1]}},
                        {"name":null,"n":"NaN","ok":null,"doc":null}
                        ]
                        """);
    }

    @Test
    void jsonOfNoRowsIsAnEmptyArray() {
        assertThat(written(ResultFormat.JSON, COLUMNS, new String[][] {})).isEqualTo("[]\n");
    }

    @Test
    void jsonGivesColumnsOfOneNameDifferentKeys() {
        List<Column> columns = List.of(col("a", Kind.NUMBER), col("a", Kind.NUMBER), col("a_2", Kind.NUMBER));

        assertThat(written(ResultFormat.JSON, columns, new String[][] {{"1", "2", "3"}}))
                .isEqualTo("[\n{\"a\":1,\"a_2\":2,\"a_2_2\":3}\n]\n");
    }

    private static Column col(String name, Kind kind) {
        return new Column(name, "", kind);
    }

    private static String written(ResultFormat format, List<Column> columns, @Nullable String[][] rows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        ResultWriter writer = format.writer(out, false);
        writer.begin(columns);
        for (@Nullable String[] row : rows) {
            writer.row(Arrays.asList(row));
        }
        writer.end(rows.length);
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
