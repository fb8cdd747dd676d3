package io.millrace.sql.exec;

import static io.millrace.sql.exec.Plans.call;
import static io.millrace.sql.exec.Plans.integer;
import static io.millrace.sql.exec.Plans.text;
import static io.millrace.sql.exec.TransformCode.INVALID_ARGUMENT;
import static io.millrace.sql.exec.TransformCode.TEXT_TOO_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Type;
import io.millrace.sql.plan.Expr;
import io.millrace.sql.plan.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Functions of texts, which count in characters and not in bytes. */
class TextFunctionTest {

    private static @Nullable Object eval(Type type, Function function, @Nullable Object... args) {
        Expr[] exprs = new Expr[args.length];
        for (int i = 0; i < args.length; i++) {
            exprs[i] = args[i] instanceof Integer n ? integer(n) : text((String) args[i]);
        }
        return Plans.eval(call(type, function, exprs));
    }

    private static @Nullable Object text(Function function, @Nullable Object... args) {
        return eval(Type.VARCHAR, function, args);
    }

    private static Expr text(@Nullable String value) {
        return Plans.text(value);
    }

    private static @Nullable Object bool(Function function, @Nullable Object... args) {
        return eval(Type.BOOLEAN, function, args);
    }

    @Test
    void theOperatorIsStrictAndConcatIsNot() {
        assertThat(text(Function.CONCAT_OP, "a", "é")).isEqualTo("aé");
        assertThat(text(Function.CONCAT_OP, "a", null)).isNull();
        assertThat(text(Function.CONCAT, "a", null, "b")).isEqualTo("ab");
        assertThat(text(Function.CONCAT, null, null)).isEqualTo("");
    }

    @Test
    void caseChangesCharacterByCharacter() {
        assertThat(text(Function.LOWER, "ÄÖÜ ABC ſ")).isEqualTo("äöü abc ſ");
        assertThat(text(Function.UPPER, "äöü abc ß")).isEqualTo("ÄÖÜ ABC ß");
        assertThat(text(Function.LOWER, "ȺȾ")).isEqualTo("ⱥⱦ");
    }

    @Test
    void trimTakesASetOfCharactersOff() {
        assertThat(text(Function.TRIM, " ", "  a b ")).isEqualTo("a b");
        assertThat(text(Function.LTRIM, "xé", "éxxaéx")).isEqualTo("aéx");
        assertThat(text(Function.RTRIM, "xé", "éxxaéx")).isEqualTo("éxxa");
        assertThat(text(Function.TRIM, "", " a ")).isEqualTo(" a ");
        assertThat(text(Function.TRIM, "a", "aaa")).isEqualTo("");
    }

    @Test
    void substringCountsFromPlacesBeforeTheFirst() {
        assertThat(text(Function.SUBSTRING, "日本語x", 2)).isEqualTo("本語x");
        assertThat(text(Function.SUBSTRING, "日本語x", 2, 2)).isEqualTo("本語");
        assertThat(text(Function.SUBSTRING, "abc", -1, 3)).isEqualTo("a");
        assertThat(text(Function.SUBSTRING, "abc", 0)).isEqualTo("abc");
        assertThat(text(Function.SUBSTRING, "abc", 5)).isEqualTo("");
        assertThat(text(Function.SUBSTRING, "abc", 2, Integer.MAX_VALUE)).isEqualTo("bc");
        assertThat(text(Function.SUBSTRING, "abc", 1, -1)).isEqualTo(INVALID_ARGUMENT);
    }

    @Test
    void leftAndRightTakeOrLeaveOut() {
        assertThat(text(Function.LEFT, "日本語", 2)).isEqualTo("日本");
        assertThat(text(Function.LEFT, "日本語", -2)).isEqualTo("日");
        assertThat(text(Function.RIGHT, "日本語", 2)).isEqualTo("本語");
        assertThat(text(Function.RIGHT, "日本語", -2)).isEqualTo("語");
        assertThat(text(Function.LEFT, "abc", -9)).isEqualTo("");
        assertThat(text(Function.RIGHT, "abc", 0)).isEqualTo("");
    }

    @Test
    void lengthsAndPositionsCountCharacters() {
        assertThat(eval(Type.INTEGER, Function.CHAR_LENGTH, "é😀x")).isEqualTo(3L);
        assertThat(eval(Type.INTEGER, Function.OCTET_LENGTH, "é😀x")).isEqualTo(7L);
        assertThat(eval(Type.INTEGER, Function.POSITION, "x", "é😀x")).isEqualTo(3L);
        assertThat(eval(Type.INTEGER, Function.POSITION, "", "abc")).isEqualTo(1L);
        assertThat(eval(Type.INTEGER, Function.POSITION, "z", "abc")).isEqualTo(0L);
    }

    @Test
    void replaceReplacesEveryOccurrenceFromTheLeft() {
        assertThat(text(Function.REPLACE, "aaa", "aa", "b")).isEqualTo("ba");
        assertThat(text(Function.REPLACE, "a,b", ",", "; ")).isEqualTo("a; b");
        assertThat(text(Function.REPLACE, "abc", "", "x")).isEqualTo("abc");
        assertThat(text(Function.REPLACE, "abc", "b", "")).isEqualTo("ac");
    }

    @Test
    void splitPartCountsFromEitherEnd() {
        assertThat(text(Function.SPLIT_PART, "a,b,,c", ",", 2)).isEqualTo("b");
        assertThat(text(Function.SPLIT_PART, "a,b,,c", ",", 3)).isEqualTo("");
        assertThat(text(Function.SPLIT_PART, "a,b,,c", ",", 9)).isEqualTo("");
        assertThat(text(Function.SPLIT_PART, "a,b,,c", ",", -1)).isEqualTo("c");
        assertThat(text(Function.SPLIT_PART, "a,b,,c", ",", -4)).isEqualTo("a");
        assertThat(text(Function.SPLIT_PART, "a,b,,c", ",", -5)).isEqualTo("");
        assertThat(text(Function.SPLIT_PART, "abc", "", 1)).isEqualTo("abc");
        assertThat(text(Function.SPLIT_PART, "abc", "", 2)).isEqualTo("");
        assertThat(text(Function.SPLIT_PART, "abc", ",", 0)).isEqualTo(INVALID_ARGUMENT);
    }

    @Test
    void paddingMakesALengthAndCutsToIt() {
        assertThat(text(Function.LPAD, "ab", 5, "xy")).isEqualTo("xyxab");
        assertThat(text(Function.RPAD, "ab", 5, "é")).isEqualTo("abééé");
        assertThat(text(Function.LPAD, "abcdef", 3, "x")).isEqualTo("abc");
        assertThat(text(Function.LPAD, "ab", 5)).isEqualTo("   ab");
        assertThat(text(Function.RPAD, "ab", 5, "")).isEqualTo("ab");
        assertThat(text(Function.LPAD, "ab", -1, "x")).isEqualTo("");
        assertThat(text(Function.LPAD, "ab", Integer.MAX_VALUE, "x")).isEqualTo(TEXT_TOO_LONG);
    }

    @Test
    void reverseAndRepeatKeepCharactersWhole() {
        assertThat(text(Function.REVERSE, "aé😀")).isEqualTo("😀éa");
        assertThat(text(Function.REPEAT, "é", 3)).isEqualTo("ééé");
        assertThat(text(Function.REPEAT, "é", -1)).isEqualTo("");
        assertThat(text(Function.REPEAT, "ab", 100_000_000)).isEqualTo(TEXT_TOO_LONG);
        assertThat(text(Function.REPEAT, "", Integer.MAX_VALUE)).isEqualTo("");
    }

    @Test
    void likeKnowsBothWildcardsAndTheEscape() {
        assertThat(bool(Function.LIKE, "abc", "a%")).isEqualTo(true);
        assertThat(bool(Function.LIKE, "abc", "_b_")).isEqualTo(true);
        assertThat(bool(Function.LIKE, "日本", "__")).isEqualTo(true);
        assertThat(bool(Function.LIKE, "abc", "%d%")).isEqualTo(false);
        assertThat(bool(Function.LIKE, "100%", "100\\%")).isEqualTo(true);
        assertThat(bool(Function.LIKE, "1000", "100\\%")).isEqualTo(false);
        assertThat(bool(Function.LIKE, "a_b", "a#_b", "#")).isEqualTo(true);
        assertThat(bool(Function.LIKE, "a\\b", "a\\b", "")).isEqualTo(true);
        assertThat(bool(Function.LIKE, "a\\b", "a\\\\b", "#")).isEqualTo(false);
        assertThat(bool(Function.LIKE, "", "%")).isEqualTo(true);
        assertThat(bool(Function.LIKE, "abab", "%ab")).isEqualTo(true);
        assertThat(bool(Function.ILIKE, "ÄB", "äb%")).isEqualTo(true);
        assertThat(bool(Function.LIKE, "ab", "a\\")).isEqualTo(INVALID_ARGUMENT);
        assertThat(bool(Function.LIKE, "xb", "a\\")).isEqualTo(false);
        assertThat(bool(Function.LIKE, "ab", "a", "##")).isEqualTo(INVALID_ARGUMENT);
    }

    @Test
    void aHostilePatternTakesNoLongerThanTextTimesPattern() {
        assertThat(bool(Function.LIKE, "a".repeat(5000), "%a".repeat(1000) + "b"))
                .isEqualTo(false);
    }

    @Test
    void startsWithComparesBytes() {
        assertThat(bool(Function.STARTS_WITH, "école", "éc")).isEqualTo(true);
        assertThat(bool(Function.STARTS_WITH, "é", "éc")).isEqualTo(false);
        assertThat(bool(Function.STARTS_WITH, "x", "")).isEqualTo(true);
    }

    @Test
    void regularExpressionsFindReplaceAndExtract() {
        assertThat(bool(Function.REGEXP_LIKE, "order-17", "\\d+")).isEqualTo(true);
        assertThat(bool(Function.REGEXP_LIKE, "order", "^\\d+$")).isEqualTo(false);
        assertThat(text(Function.REGEXP_SUBSTR, "order-17-18", "\\d+")).isEqualTo("17");
        assertThat(text(Function.REGEXP_SUBSTR, "order", "\\d+")).isNull();
        assertThat(text(Function.REGEXP_REPLACE, "é1b22", "(\\d+)", "<\\1>")).isEqualTo("é<1>b<22>");
        assertThat(text(Function.REGEXP_REPLACE, "abc", "b", "\\\\\\&$1")).isEqualTo("a\\b$1c");
        assertThat(text(Function.REGEXP_REPLACE, "abc", "x*", "-")).isEqualTo("-a-b-c-");
        assertThatThrownBy(() -> bool(Function.REGEXP_LIKE, "a", "(")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hashesAreThoseOfTheUtf8Bytes() {
        assertThat(text(Function.MD5, "")).isEqualTo("d41d8cd98f00b204e9800998ecf8427e");
        assertThat(text(Function.SHA256, "abc"))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(text(Function.HMAC_SHA256, "what do ya want for nothing?", "Jefe"))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assertThat(text(Function.HMAC_SHA256, "", ""))
                .isEqualTo("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    }
}
