package io.millrace.contract.infer;

import java.util.Random;

/** Records that have something in common, as those of one stream have, and now and then something that they have not. */
final class RandomRecords {

    private static final String[] NAMES = {"id", "at", "kind", "user", "tags", "é\\n", "", "a~b/c"};
    private static final String[][] STRINGS = {
        {"\"2026-11-21T10:00:00Z\"", "\"2026-11-21T10:00:00.123+01:00\"", "\"2026-12-31T23:59:60Z\""},
        {"\"2026-11-21\"", "\"2024-02-29\""},
        {"\"a@example.com\"", "\"b.c@example.org\""},
        {"\"6ecd8c99-4036-403d-bf84-cf8400f67836\"", "\"00000000-0000-0000-0000-000000000000\""},
        {"\"add\"", "\"subtract\"", "\"\"", "\"é\"", "\"\\u0061dd\""},
        {"\"\\ud83d\\ude00\"", "\"😀b\"", "\"x\\ty\"", "\"2026-13-21\"", "\"@\""}
    };
    private static final String[] NUMBERS = {
        "0", "-0", "1", "1.0", "1.5", "-1", "1e2", "1E-1", "1e400", "-99999999999999999999.5", "9223372036854775808"
    };

    private final Random random;
    /** Which kind of value a name usually has. */
    private final int habit;

    RandomRecords(Random random) {
        this.random = random;
        this.habit = random.nextInt(1000);
    }

    String next() {
        return object(0);
    }

    private String object(int depth) {
        StringBuilder s = new StringBuilder("{");
        for (int i = 0; i < NAMES.length; i++) {
            if (random.nextInt(10) < 7) {
                boolean usual = random.nextInt(20) > 0;
                s.append(s.length() == 1 ? "\"" : ",\"").append(NAMES[i]).append("\":");
                s.append(value(usual ? habit / (i + 1) % 9 : random.nextInt(9), i, depth));
            }
        }
        return s.append('}').toString();
    }

    private String value(int kind, int name, int depth) {
        return switch (kind) {
            case 0 -> Integer.toString(random.nextInt(100));
            case 1 -> any(NUMBERS);
            case 2, 3, 4 -> any(STRINGS[(habit + name) % STRINGS.length]);
            case 5 -> random.nextBoolean() ? "true" : "null";
            case 6 -> any(STRINGS[random.nextInt(STRINGS.length)]);
            case 7 -> depth > 2 ? "{}" : object(depth + 1);
            default -> array(name, depth);
        };
    }

    private String array(int name, int depth) {
        StringBuilder s = new StringBuilder("[");
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            s.append(i == 0 ? "" : ",").append(value(random.nextInt(depth > 2 ? 7 : 9), name, depth + 1));
        }
        return s.append(']').toString();
    }

    private String any(String[] of) {
        return of[random.nextInt(of.length)];
    }
}
