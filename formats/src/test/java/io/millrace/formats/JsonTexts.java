package io.millrace.formats;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generates JSON texts in every way of writing them that RFC 8259 allows, but for newlines. */
final class JsonTexts {

    private JsonTexts() {}

    static Arbitrary<String> records() {
        return objects(values(3));
    }

    private static Arbitrary<String> values(int depth) {
        if (depth == 0) {
            return scalars();
        }
        Arbitrary<String> inner = Arbitraries.lazy(() -> values(depth - 1));
        return Arbitraries.frequencyOf(Tuple.of(6, scalars()), Tuple.of(2, objects(inner)), Tuple.of(1, arrays(inner)));
    }

    private static Arbitrary<String> space() {
        return Arbitraries.frequency(Tuple.of(8, ""), Tuple.of(2, " "), Tuple.of(1, "\t \r"));
    }

    private static Arbitrary<String> objects(Arbitrary<String> values) {
        Arbitrary<String> names = Arbitraries.of(
                "\"a\"",
                "\"b\"",
                "\"c\"",
                "\"d\"",
                "\"e\"",
                "\"f\"",
                "\"\\u0061\"",
                "\"\"",
                "\"a long name\"",
                "\"é\"");
        Arbitrary<String> member = Combinators.combine(space(), names, space(), space(), values, space())
                .as((s1, name, s2, s3, value, s4) -> s1 + name + s2 + ":" + s3 + value + s4);
        return Combinators.combine(member.list().ofMaxSize(7), space())
                .as((members, s) -> "{" + (members.isEmpty() ? s : String.join(",", members)) + "}");
    }

    private static Arbitrary<String> arrays(Arbitrary<String> values) {
        Arbitrary<String> element =
                Combinators.combine(space(), values, space()).as((s1, value, s2) -> s1 + value + s2);
        return Combinators.combine(element.list().ofMaxSize(5), space())
                .as((elements, s) -> "[" + (elements.isEmpty() ? s : String.join(",", elements)) + "]");
    }

    private static Arbitrary<String> scalars() {
        return Arbitraries.oneOf(strings(), numbers(), Arbitraries.of("true", "false", "null"));
    }

    private static Arbitrary<String> strings() {
        List<String> pieces = new ArrayList<>(List.of(
                "x", "word", "12345678", " ", "é", "€", "😀", "\\n", "\\t", "\\\"", "\\\\", "\\/", "\\b\\f\\r"));
        pieces.addAll(List.of("\\u0041", "\\u00e9", "\\u20AC", "\\ud83d\\ude00", "\\u0000", "'", "/", "{", "]", ","));
        Arbitrary<String> text = Arbitraries.of(pieces).list().ofMaxSize(6).map(list -> String.join("", list));
        return Arbitraries.oneOf(text, numbers(), numbers().map(n -> " " + n + " "))
                .map(s -> '"' + s + '"');
    }

    private static Arbitrary<String> numbers() {
        Arbitrary<String> whole = Arbitraries.oneOf(
                Arbitraries.of("0", "1", "98", "12345678", "9223372036854775807", "9223372036854775808"),
                Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(42).map(s -> "1" + s),
                Arbitraries.integers().between(0, 2000).map(String::valueOf));
        Arbitrary<String> fraction = Arbitraries.oneOf(
                Arbitraries.just(""),
                Arbitraries.of(".0", ".5", ".25", ".00"),
                Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(30).map(s -> "." + s));
        Arbitrary<String> exponent = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just("")),
                Tuple.of(
                        1,
                        Combinators.combine(
                                        Arbitraries.of("e", "E", "e+", "E-", "e-"),
                                        Arbitraries.integers().between(0, 330))
                                .as((e, n) -> e + n)));
        return Combinators.combine(Arbitraries.of("", "", "-"), whole, fraction, exponent)
                .as((sign, w, f, e) -> sign + w + f + e);
    }
}
