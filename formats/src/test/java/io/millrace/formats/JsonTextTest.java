package io.millrace.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonTextTest {

    private final JsonText text = new JsonText();

    private byte[] over(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        text.over(bytes, bytes.length);
        return bytes;
    }

    @Test
    void valuesAreWalkedOverAndNewlinesAreWhitespace() {
        over(" \n[{\"a\":\n1}, 2] \r\n");
        int p = text.space(0);
        assertThat(p).isEqualTo(2);
        int end = text.value(p, 0);
        assertThat(end).isEqualTo(15);
        assertThat(text.end(end)).isEqualTo(18);
    }

    @Test
    void anErrorTellsItsKindItsPlaceAndWhatWasExpected() {
        over("{\"a\":tru}");
        assertThat(text.value(0, 0)).isEqualTo(-1);
        assertThat(text.code()).isEqualTo(ReasonCode.MALFORMED_JSON);
        assertThat(text.message(0)).isEqualTo("byte 9: expected true, found '}'");
        over("{} x");
        assertThat(text.end(text.value(0, 0))).isEqualTo(-1);
        assertThat(text.message(0)).isEqualTo("byte 4: expected nothing more, found a letter");
        over("1;");
        assertThat(text.malformed(1, "','")).isEqualTo(-1);
        assertThat(text.message(0)).isEqualTo("byte 2: expected ',', found ';'");
    }

    @Test
    void theDepthAroundAValueCounts() {
        over("[".repeat(JsonScanner.MAX_DEPTH) + "]".repeat(JsonScanner.MAX_DEPTH));
        assertThat(text.value(0, 0)).isEqualTo(2 * JsonScanner.MAX_DEPTH);
        assertThat(text.value(0, 1)).isEqualTo(-1);
        assertThat(text.code()).isEqualTo(ReasonCode.NESTING_TOO_DEEP);
    }

    @Property
    void theNextNewlineIsFoundWhereverItIs(@ForAll byte[] bytes, @ForAll int seed) {
        int from = bytes.length == 0 ? 0 : Math.floorMod(seed, bytes.length);
        int expected = from;
        while (expected < bytes.length && bytes[expected] != '\n') {
            expected++;
        }
        assertThat(NewlineSearch.next(bytes, from, bytes.length)).isEqualTo(expected);
    }
}
