package io.millrace.sql.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Type;
import io.millrace.sql.plan.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** LIKE against the plainest matcher there is. */
class LikePropertyTest {

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "b", "é", "😀", "%").list().ofMaxSize(8).map(l -> String.join("", l));
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.of("a", "b", "é", "😀", "%", "_", "%", "_", "\\%", "\\a")
                .list()
                .ofMaxSize(8)
                .map(l -> String.join("", l));
    }

    private static boolean matches(int[] text, int t, int[] pattern, int p) {
        if (p == pattern.length) {
            return t == text.length;
        }
        if (pattern[p] == '%') {
            return matches(text, t, pattern, p + 1) || (t < text.length && matches(text, t + 1, pattern, p));
        }
        int literal = pattern[p] == '\\' ? p + 1 : p;
        return t < text.length
                && ((pattern[p] == '_') || pattern[literal] == text[t])
                && matches(text, t + 1, pattern, literal + 1);
    }

    @Property
    void matchesAsTheRulesSay(@ForAll("texts") String text, @ForAll("patterns") String pattern) {
        boolean expected =
                matches(text.codePoints().toArray(), 0, pattern.codePoints().toArray(), 0);
        assertThat(Plans.eval(Plans.call(Type.BOOLEAN, Function.LIKE, Plans.text(text), Plans.text(pattern))))
                .isEqualTo(expected);
        String otherEscape = pattern.replace('\\', '#');
        assertThat(Plans.eval(Plans.call(
                        Type.BOOLEAN, Function.LIKE, Plans.text(text), Plans.text(otherEscape), Plans.text("#"))))
                .isEqualTo(expected);
    }
}
