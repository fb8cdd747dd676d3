package io.millrace.sql.oracle;

import io.millrace.api.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Rows of every type, with nulls and extremes. */
final class Corpus {
    static final Type MONEY = Type.decimal(9, 2);
    static final Type WIDE = Type.decimal(30, 6);

    private static final long DAY = 86_400_000_000L;
    /**
     * PostgreSQL's first day of timestamps, 4714-11-24 BC, and the first of 294200. Millrace's last timestamp is in 294246,
     * where microseconds since 1970 end, PostgreSQL's in 294276; nothing here ends between them.
     */
    private static final long FIRST_DAY = -2_440_588;

    private static final long LAST_DAY = 106_734_816;

    private final Dice dice;

    private Corpus(Dice dice) {
        this.dice = dice;
    }

    /**
     * The columns of each type have two letters: the first for the type, the second {@code x} for extremes and the like,
     * {@code y} for everyday values. Texts come in kinds: {@code sx sy} anything, {@code sn} numbers, {@code sd} times,
     * {@code sb} truth values, {@code sj} JSON.
     */
    static Rows rows(long seed, int size) {
        Corpus c = new Corpus(new Dice(seed));
        List<Rows.Field> fields = new ArrayList<>();
        c.add(fields, size, "cx", Type.BOOLEAN, () -> c.dice.oneIn(2));
        c.add(fields, size, "cy", Type.BOOLEAN, () -> c.dice.oneIn(3));
        c.add(fields, size, "ix", Type.INTEGER, c::integer);
        c.add(fields, size, "iy", Type.INTEGER, () -> (long) c.dice.between(-4, 9));
        c.add(fields, size, "lx", Type.BIGINT, c::bigint);
        c.add(fields, size, "ly", Type.BIGINT, () -> (long) c.dice.between(-1000, 1000));
        c.add(fields, size, "mx", MONEY, () -> c.decimal(9, 2));
        c.add(fields, size, "my", MONEY, () -> BigDecimal.valueOf(c.dice.between(-500, 500), 2));
        c.add(fields, size, "wx", WIDE, () -> c.decimal(30, 6));
        c.add(fields, size, "wy", WIDE, () -> BigDecimal.valueOf(c.dice.between(-5_000_000, 5_000_000), 6));
        c.add(fields, size, "fx", Type.DOUBLE, c::floating);
        c.add(fields, size, "fy", Type.DOUBLE, () -> c.dice.between(-4000, 4000) / c.dice.of(1.0, 2.0, 8.0, 10.0, 3.0));
        c.add(fields, size, "sx", Type.VARCHAR, c::text);
        c.add(fields, size, "sy", Type.VARCHAR, () -> c.dice.of(WORDS));
        c.add(fields, size, "sn", Type.VARCHAR, c::numberText);
        c.add(fields, size, "sd", Type.VARCHAR, c::timeText);
        c.add(fields, size, "sb", Type.VARCHAR, () -> c.dice.of(TRUTHS));
        c.add(fields, size, "sj", Type.VARCHAR, () -> c.dice.of(JSON_LIKE));
        c.add(fields, size, "dx", Type.DATE, c::day);
        c.add(fields, size, "dy", Type.DATE, () -> (long) c.dice.between(18_000, 21_000));
        c.add(fields, size, "tx", Type.TIMESTAMP, c::moment);
        c.add(fields, size, "ty", Type.TIMESTAMP, c::everydayMoment);
        c.add(fields, size, "zx", Type.TIMESTAMP_TZ, c::moment);
        c.add(fields, size, "zy", Type.TIMESTAMP_TZ, c::everydayMoment);
        c.add(fields, size, "jx", Type.JSON, () -> c.dice.of(JsonTexts.ODD));
        c.add(fields, size, "jy", Type.JSON, () -> new JsonTexts(c.dice).document());
        c.add(fields, size, "as_", Type.array(Type.VARCHAR), () -> c.array(() -> c.dice.of(WORDS)));
        c.add(fields, size, "al", Type.array(Type.BIGINT), () -> c.array(c::bigint));
        return new Rows(fields);
    }

    private void add(
            List<Rows.Field> fields, int size, String name, Type type, Supplier<? extends @Nullable Object> value) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            values.add(i == 0 || dice.oneIn(8) ? null : value.get());
        }
        fields.add(new Rows.Field(name, type, values));
    }

    private Long integer() {
        return switch (dice.below(4)) {
            case 0 -> dice.of(0L, 1L, -1L, 2147483647L, -2147483648L, 65536L, 46341L, 10L);
            case 1 -> (long) dice.between(-100, 100);
            default -> (long) (int) dice.bits() >> dice.below(31);
        };
    }

    private Long bigint() {
        return switch (dice.below(4)) {
            case 0 ->
                dice.of(
                        0L,
                        1L,
                        -1L,
                        Long.MAX_VALUE,
                        Long.MIN_VALUE,
                        1L << 53,
                        (1L << 53) + 1,
                        999_999_999_999_999_999L,
                        2147483648L);
            case 1 -> (long) dice.between(-100, 100);
            default -> dice.bits() >> dice.below(63);
        };
    }

    private BigDecimal decimal(int precision, int scale) {
        BigInteger most = BigInteger.TEN.pow(precision).subtract(BigInteger.ONE);
        BigInteger unscaled = switch (dice.below(5)) {
            case 0 -> dice.of(BigInteger.ZERO, BigInteger.ONE, most);
            case 1 -> BigInteger.TEN.pow(scale).multiply(BigInteger.valueOf(dice.between(0, 20)));
            case 2 -> BigInteger.valueOf(dice.between(0, 20) * 5L);
            default ->
                new BigInteger(64, new java.util.Random(dice.bits()))
                        .multiply(BigInteger.valueOf(dice.bits() >>> 1))
                        .mod(BigInteger.TEN.pow(dice.between(1, precision)));
        };
        return new BigDecimal(dice.oneIn(2) ? unscaled : unscaled.negate(), scale);
    }

    private Double floating() {
        return switch (dice.below(4)) {
            case 0 ->
                dice.of(
                        0.0,
                        -0.0,
                        1.0,
                        0.5,
                        1.5,
                        2.5,
                        -2.5,
                        Double.NaN,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.MAX_VALUE,
                        Double.MIN_VALUE,
                        -Double.MIN_NORMAL,
                        1e15,
                        1e16,
                        123456789012345680.0,
                        0x1p63,
                        -0x1p63,
                        2147483647.5,
                        1e-5,
                        0.1);
            case 1 -> Double.longBitsToDouble(dice.bits());
            case 2 -> dice.between(-1_000_000, 1_000_000) / 1000.0;
            default -> (dice.unit() - 0.5) * Math.pow(10, dice.between(-20, 25));
        };
    }

    static final List<String> WORDS = List.of(
            "",
            " ",
            "a",
            "abc",
            "ABC",
            "add_revenue",
            "subtract_revenue",
            "a,b,,c",
            "  padded\t",
            "50%",
            "under_score",
            "back\\slash",
            "it's \"quoted\"",
            "Zoë",
            "ÄÖÜ straße",
            "日本語テキスト",
            "😀 x 😀",
            "aaaaaa",
            "abcabcabc",
            "x");

    /** Letters of which texts are made; a combining one and some whose other case has another length are among them. */
    private static final List<String> LETTERS = List.of(
            "a", "b", "c", "A", "B", "Z", "0", "1", "9", " ", ",", "-", "_", "%", "\\", ".", "'", "\"", "é", "É", "ß",
            "Ω", "ω", "ǆ", "Ǆ", "ı", "я", "Ж", "ⱥ", "Ⱥ", "日", "語", "😀", "𐐀", "𐐨", "\t", "e\u0301");

    private String text() {
        if (dice.oneIn(4)) {
            return dice.of(WORDS);
        }
        StringBuilder text = new StringBuilder();
        for (int i = dice.below(dice.oneIn(5) ? 40 : 8); i > 0; i--) {
            text.append(dice.of(LETTERS));
        }
        return text.toString();
    }

    private String numberText() {
        return switch (dice.below(6)) {
            case 0 -> dice.of(NUMBER_LIKE);
            case 1 -> integer().toString();
            case 2 -> bigint().toString();
            case 3 -> decimal(30, 6).toPlainString();
            case 4 -> decimal(9, 2).toString();
            default -> floating().toString();
        };
    }

    /**
     * Left out: {@code 0x1f}, {@code 0b1}, {@code 1_000} and the like, which PostgreSQL 16 began to read as numbers and
     * Millrace does not, since hardly a user means a number by them.
     */
    private static final List<String> NUMBER_LIKE = List.of(
            "",
            " ",
            "+5",
            " 42 ",
            "\t7\n",
            "-",
            "+",
            ".",
            "1.",
            ".5",
            "-.5",
            "1e3",
            "1E-3",
            "1e",
            "e5",
            "1.5e400",
            "1e-400",
            "--1",
            "1 2",
            "1,5",
            "NaN",
            "nan",
            "Infinity",
            "-inf",
            "inf",
            "2147483648",
            "-2147483649",
            "9223372036854775808",
            "-9223372036854775808",
            "0000000000000000000000001",
            "99999999999999999999999999999999999999",
            "0.0000005",
            "0.5",
            "1.5",
            "2.5",
            "-0.5",
            "9999999.995",
            "1e30",
            "123456789012345678901234567890.123456789",
            "true",
            "-0",
            "0e99",
            "1e38",
            "4.35",
            "１２",
            "5x",
            "1e+5",
            "1e 5");

    private static final List<String> TRUTHS = List.of(
            "true", "false", "t", "f", "T", "F", "TRUE", "yes", "no", "y", "n", "on", "off", "o", "of", "1", "0", "2",
            "", " t ", "tru", "truer", "fals", "10", "ye", "nope", "tRuE");

    /** Numbers by themselves are as jsonb writes them too: JSON_VALUE gives them as they stand, {@code 1e5}. */
    private static final List<String> JSON_LIKE = List.of(
            "{}",
            "[]",
            "null",
            "true",
            "1",
            "-7",
            "01",
            "1.",
            "\"a\"",
            "'a'",
            "{\"a\": 1}",
            "{\"a\": 1,}",
            "{a: 1}",
            "[1, 2",
            "",
            " ",
            " {} ",
            "{} {}",
            "{\"a\":{\"b\":[1,{\"c\":null}]}}",
            "\"\\u00e9\"",
            "\"\\x\"",
            "\"a\nb\"",
            "nul",
            "[1e5, -0]",
            "NaN",
            "\"\\ud83d\\ude00\"",
            "\t[true , false]\n");

    private String timeText() {
        if (dice.oneIn(3)) {
            return dice.of(TIME_LIKE);
        }
        String date = String.format(
                java.util.Locale.ROOT,
                "%04d-%02d-%02d",
                dice.of(2026, 2024, 1999, 1, 2023),
                dice.between(1, 12),
                dice.between(1, dice.oneIn(5) ? 31 : 28));
        if (dice.oneIn(3)) {
            return date;
        }
        String time =
                String.format(java.util.Locale.ROOT, "%02d:%02d:%02d", dice.below(24), dice.below(60), dice.below(60));
        return date
                + dice.of(" ", "T")
                + time
                + dice.of("", "", ".5", ".123456", ".1234565", ".9999999")
                + dice.of("", "", "Z", "+02", "-05:30", "+0130");
    }

    /**
     * ISO 8601 and what is near it. PostgreSQL reads many more forms ({@code Jan 5 2026}, {@code now}, {@code 20260131});
     * Millrace reads these by PARSE_TIMESTAMP, with the pattern said. No date after the last timestamp that is none of its
     * own: PostgreSQL truncates a date, and adds to one, by way of a timestamp, Millrace does not.
     */
    private static final List<String> TIME_LIKE = List.of(
            "2026-02-29",
            "2024-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-32",
            "2026-06-31",
            "2026-01-31 24:00:00",
            "2026-01-31 24:00:01",
            "2026-01-31 23:59:60",
            "2026-01-31 23:59:61",
            "2026-01-31 12:60:00",
            "0001-01-01",
            "0000-01-01",
            "0044-03-15 BC",
            "9999-12-31 23:59:59.999999",
            "294200-12-31",
            "5874898-01-01",
            "2026-1-5",
            "2026-01-31 7:05",
            " 2026-01-31 ",
            "2026-01-31T10:20:30Z",
            "2026-01-31 10:20:30 UTC",
            "x",
            "",
            "2026-01-31 10:20:30+15:59",
            "2026-01-31 10:20:30-16",
            "4713-11-24 BC",
            "4714-11-24 BC",
            "2026-01-31 10:20");

    private Long day() {
        return switch (dice.below(4)) {
            case 0 -> dice.of(0L, -1L, FIRST_DAY, LAST_DAY, 10_957L, -719_162L, -719_163L, 2_932_896L, 11_016L);
            case 1 -> (long) dice.between((int) FIRST_DAY, (int) LAST_DAY);
            default -> (long) dice.between(-200_000, 200_000);
        };
    }

    private Long moment() {
        return switch (dice.below(4)) {
            case 0 ->
                dice.of(
                        0L,
                        -1L,
                        1L,
                        FIRST_DAY * DAY,
                        (LAST_DAY + 1) * DAY - 1,
                        DAY - 1,
                        -DAY,
                        1_700_000_000_000_000L,
                        -62_135_596_800_000_000L);
            case 1 -> dice.between((int) FIRST_DAY, (int) LAST_DAY) * DAY + (dice.bits() >>> 1) % DAY;
            default -> dice.between(-200_000, 200_000) * DAY + dice.of(0L, 1L, DAY - 1, (dice.bits() >>> 1) % DAY);
        };
    }

    private Long everydayMoment() {
        return dice.between(18_000, 21_000) * DAY
                + dice.of(0L, 3_600_000_000L * dice.below(24), (dice.bits() >>> 1) % DAY);
    }

    private List<@Nullable Object> array(Supplier<? extends Object> element) {
        Object[] elements = new Object[dice.below(4)];
        for (int i = 0; i < elements.length; i++) {
            if (!dice.oneIn(5)) {
                elements[i] = element.get();
            }
        }
        return Arrays.asList(elements);
    }
}
