package io.millrace.engine.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScalarPlacesTest {

    @Property
    void everyCharacterOfALiteralBlockIsFoundWhereItStands(
            @ForAll("lines") List<String> lines,
            @ForAll @IntRange(min = 1, max = 6) int indent,
            @ForAll("header") String header,
            @ForAll("newline") String newline) {
        StringBuilder file = new StringBuilder("a: " + header.replace("2", String.valueOf(indent)) + newline);
        for (String line : lines) {
            file.append(" ".repeat(indent)).append(line).append(newline);
        }
        check(file.toString());
    }

    @Property
    void everyCharacterOfAQuotedTextIsFoundWhereItStands(
            @ForAll("lines") List<String> lines, @ForAll("newline") String newline) {
        check("a: '" + String.join(newline + "   ", lines).replace("'", "''") + "'");
    }

    @Test
    void escapesTakeTheRoomThatTheyTake() {
        SourceText source = new SourceText("f", "a: \"x\\ty\\u0041z \\\n  w\\\"v\\U0001F600u\"", SourceKind.PIPELINE);
        Yaml.Scalar scalar = scalar(source);
        assertThat(scalar.template()).isEqualTo("x\tyAz w\"v\uD83D\uDE00u");
        int[] places = ScalarPlaces.of(source, scalar);
        for (String c : List.of("x", "y", "z", "w", "v", "u")) {
            int at = scalar.template().indexOf(c);
            assertThat(source.text().charAt(places[at])).as(c).isEqualTo(c.charAt(0));
        }
        assertThat(places[scalar.template().indexOf("A")])
                .isEqualTo(source.text().indexOf("\\u0041"));
    }

    private static void check(String file) {
        SourceText source = new SourceText("f", file, SourceKind.PIPELINE);
        Yaml.Scalar scalar = scalar(source);
        int[] places = ScalarPlaces.of(source, scalar);
        String value = scalar.template();
        for (int i = 0; i < value.length(); i++) {
            if (!Character.isWhitespace(value.charAt(i))) {
                assertThat(file.charAt(places[i])).as("%s in %s", i, value).isEqualTo(value.charAt(i));
                assertThat(i == 0 || places[i] > places[i - 1]).isTrue();
            }
        }
    }

    private static Yaml.Scalar scalar(SourceText source) {
        Problems problems = new Problems(source);
        Yaml root = YamlReader.read(source, problems);
        assertThat(problems.sorted()).isEmpty();
        return (Yaml.Scalar) ((Yaml.Mapping) java.util.Objects.requireNonNull(root))
                .entries()
                .getFirst()
                .value();
    }

    @Provide
    Arbitrary<List<String>> lines() {
        Arbitrary<String> first = Arbitraries.of("a", "#b", ":c", "'\u00E9", "\uD83D\uDE00");
        Arbitrary<String> line =
                Arbitraries.strings().withChars("ab ,(){}'$#:-\u00E9").ofMaxLength(12);
        return line.list()
                .ofMaxSize(6)
                .flatMap(rest -> first.map(f -> {
                    List<String> all = new java.util.ArrayList<>(rest);
                    all.addFirst("x" + f);
                    return all;
                }));
    }

    @Provide
    Arbitrary<String> header() {
        return Arbitraries.of("|", "|-", "|+", "|2", "|2-", "| # a comment", ">", ">-");
    }

    @Provide
    Arbitrary<String> newline() {
        return Arbitraries.of("\n", "\r\n");
    }
}
