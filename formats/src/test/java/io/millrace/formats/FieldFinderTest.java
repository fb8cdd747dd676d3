package io.millrace.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldFinderTest {

    private final FieldFinder finder = new FieldFinder(List.of("user", "id"));

    private boolean find(String record) {
        byte[] bytes = ("##" + record + "##").getBytes(StandardCharsets.UTF_8);
        return finder.find(bytes, 2, bytes.length - 2);
    }

    @Test
    void valuesAreFoundWithoutQuotesAndEscapes() {
        assertThat(find("{\"user\":{\"id\":\"u1\"}}\n")).isTrue();
        assertThat(finder.value()).isEqualTo("u1");
        int hash = finder.hash();
        assertThat(find(" { \"x\":[1], \"\\u0075ser\" : { \"id\" : \"\\u00751\" } }"))
                .isTrue();
        assertThat(finder.value()).isEqualTo("u1");
        assertThat(finder.hash()).isEqualTo(hash);
        assertThat(finder.is("u1".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(finder.is("u11".getBytes(StandardCharsets.UTF_8))).isFalse();
        assertThat(find("{\"user\":{\"id\":-1.50}}")).isTrue();
        assertThat(finder.value()).isEqualTo("-1.50");
        assertThat(find("{\"user\":{\"id\":\"\"}}")).isTrue();
        assertThat(finder.value()).isEmpty();
    }

    @Test
    void theLastOneCounts() {
        assertThat(find("{\"user\":{\"id\":1,\"id\":2}}")).isTrue();
        assertThat(finder.value()).isEqualTo("2");
        assertThat(find("{\"user\":{\"id\":1},\"user\":{}}")).isFalse();
    }

    @Test
    void whatIsNoValueOfTheFieldIsNotFound() {
        for (String record : List.of(
                "",
                " ",
                "\n",
                "{}",
                "17",
                "[]",
                "{\"id\":1}",
                "{\"user\":1}",
                "{\"user\":null}",
                "{\"user\":{\"id\":null}}",
                "{\"user\":{\"id\":{}}}",
                "{\"user\":{\"id\":[1]}}",
                "{\"user\":{\"id\":1}",
                "{\"user\":{\"id\":1}} x")) {
            assertThat(find(record)).as(record).isFalse();
        }
    }
}
