package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypeNameTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BOOLEAN | BOOLEAN",
                "bool | BOOLEAN",
                "INT | INTEGER",
                "integer | INTEGER",
                "BIGINT | BIGINT",
                "DECIMAL(18,2) | DECIMAL(18, 2)",
                "numeric ( 38 , 38 ) | DECIMAL(38, 38)",
                "DEC(5) | DECIMAL(5, 0)",
                "DOUBLE | DOUBLE",
                "double  precision | DOUBLE",
                "VARCHAR | VARCHAR",
                "text | VARCHAR",
                "STRING | VARCHAR",
                "DATE | DATE",
                "TIMESTAMP | TIMESTAMP",
                "TIMESTAMP(6) | TIMESTAMP",
                "timestamp without time zone | TIMESTAMP",
                "TIMESTAMP WITH TIME ZONE | TIMESTAMP WITH TIME ZONE",
                "timestamptz | TIMESTAMP WITH TIME ZONE",
                "JSON | JSON",
                "jsonb | JSON",
                "VARCHAR ARRAY | VARCHAR ARRAY",
                "DECIMAL(10, 2) ARRAY ARRAY | DECIMAL(10, 2) ARRAY ARRAY",
            })
    void aTypeIsReadInAnyCaseAndByItsEverydayNames(String text, String sql) {
        TypeName type = TypeName.parse(text);

        assertThat(type.type().sql()).isEqualTo(sql);
        assertThat(type.nullable()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"BIGINT NOT NULL", "bigint not null", " bigint\n NOT  NULL "})
    void notNullIsSaidBehindTheType(String text) {
        assertThat(TypeName.parse(text).nullable()).isFalse();
        assertThat(TypeName.parse(text).type().sql()).isEqualTo("BIGINT");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "BIGNIT | there is no type \"BIGNIT\"; did you mean BIGINT?",
                "SMALLINT | there is no type SMALLINT; write INTEGER",
                "REAL | there is no type REAL; write DOUBLE",
                "datetime | there is no type datetime; write TIMESTAMP",
                "VARCHAR(20) | VARCHAR has no length here; write VARCHAR, and LEFT(x, 20) in the query to cut a text",
                "BIGINT(20) | BIGINT takes nothing in parentheses",
                "DECIMAL | DECIMAL needs the number of digits and how many of them follow the point, such as DECIMAL(18, 2)",
                "DECIMAL(39, 2) | the number of digits must be from 1 to 38, not 39",
                "DECIMAL(0) | the number of digits must be from 1 to 38, not 0",
                "DECIMAL(5, 6) | the number of digits after the point must be from 0 to 5, not 6",
                "DECIMAL(5, 2 | a \")\" is missing",
                "DECIMAL(x) | the number of digits must be from 1 to 38, not x",
                "TIMESTAMP(3) | a TIMESTAMP always has microseconds; write TIMESTAMP",
                "TIMESTAMP WITH ZONE | write TIMESTAMP WITH TIME ZONE",
                "INTEGER[] | an array is written INTEGER ARRAY",
                "BIGINT NOT | NOT is followed by NULL",
                "BIGINT UNSIGNED | unexpected \"UNSIGNED\" after the type BIGINT; it can be followed by NOT NULL or ARRAY",
                "`` | a type is missing, such as BIGINT or VARCHAR NOT NULL",
                "BIGINT ARRAY ARRAY ARRAY ARRAY | arrays nest 3 deep at most",
            })
    void whatIsNoTypeIsRefusedWithWhatToWrite(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeName.parse(text))
                .withMessage(message);
    }
}
