package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sql.plan.Function;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FunctionReferenceTest {

    /** What is written as an operator. */
    private static final Set<Function> OPERATORS = EnumSet.of(
            Function.ADD,
            Function.SUBTRACT,
            Function.MULTIPLY,
            Function.DIVIDE,
            Function.NEGATE,
            Function.EQ,
            Function.NE,
            Function.LT,
            Function.LE,
            Function.GT,
            Function.GE,
            Function.IS_NULL,
            Function.IS_NOT_NULL,
            Function.NOT_DISTINCT,
            Function.IS_TRUE,
            Function.IS_FALSE,
            Function.IN,
            Function.AND,
            Function.OR,
            Function.NOT,
            Function.CONCAT_OP,
            Function.LIKE,
            Function.ILIKE,
            Function.ADD_INTERVAL,
            Function.DATE_DIFF_DAYS);

    @Test
    void theReferenceIsWhatTheCodeSays() throws IOException {
        Path file = Path.of("..", "docs", "reference", "functions.md");

        assertThat(Files.readString(file))
                .as("write it anew with: java -cp ... io.millrace.sql.FunctionReference docs/reference/functions.md")
                .isEqualTo(FunctionReference.markdown());
    }

    @Test
    void everyFunctionOfPlansCanBeCalled() {
        Set<Function> missing = EnumSet.allOf(Function.class);
        missing.removeAll(OPERATORS);
        FunctionCatalog.entries().forEach(entry -> missing.remove(entry.function()));
        assertThat(missing).isEmpty();
    }

    static List<FunctionCatalog.Entry> entries() {
        return FunctionCatalog.entries();
    }

    @ParameterizedTest
    @MethodSource("entries")
    void everyExampleIsAQuery(FunctionCatalog.Entry entry) {
        // Before the last " = " stands the call, behind it what it gives; some examples are of the call alone.
        String example = entry.example();
        int result = example.lastIndexOf(" = ");
        String call = result < 0 ? example : example.substring(0, result);
        List<DeclaredColumn> columns =
                Queries.columns("kind VARCHAR", "amount BIGINT", "tags VARCHAR ARRAY", "at TIMESTAMP", "email VARCHAR");

        assertThat(Queries.problems("SELECT " + call + " AS x FROM input", columns))
                .isEmpty();
    }
}
