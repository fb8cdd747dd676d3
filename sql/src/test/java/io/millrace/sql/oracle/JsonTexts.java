package io.millrace.sql.oracle;

import java.util.ArrayList;
import java.util.List;

/**
 * JSON documents in the very form in which PostgreSQL writes its {@code jsonb}: what JSON_QUERY cuts out of ours can be
 * compared with what it makes of its own.
 */
final class JsonTexts {

    /** Documents that jsonb would write in another way: for JSON_VALUE, which gives scalars only. */
    static final List<String> ODD = List.of(
            "{}",
            "[]",
            "null",
            "true",
            "17",
            "\"text\"",
            "\"\"",
            " { \"a\" : 1 , \"b\":2 } ",
            "{\"a\":1,\"a\":2}",
            "{\"a\":{\"b\":1},\"a\":null}",
            "{\"a\":\"\\u00e9\\n\\t\\\"\\\\\\/\"}",
            "{\"a\":\"\\ud83d\\ude00\"}",
            "{\"\\u0061\":\"escaped name\"}",
            "{\"a\":[[1,2],[3]],\"b\":[{\"c\":5}]}",
            "[{\"a\":1},{\"b\":2}]",
            "[{\"a\":1},{\"a\":2}]",
            "[[{\"a\":1}]]",
            "{\"list\":[],\"b\":false}",
            "{\"list\":[10,\"x\",null,true]}",
            "{\"odd key\":\"y\",\"é\":\"z\"}",
            "{\"a\":123456789012345678901234567890.5}",
            "{\"a\":0.10}",
            "{\"a\" : \"日本語\", \"list\" : {\"x\" : 3}}");

    /** Sorted as jsonb sorts them: by length, then by bytes. */
    private static final List<String> NAMES = List.of("a", "b", "c", "é", "list", "odd key");

    private static final List<String> SCALARS = List.of(
            "null",
            "true",
            "false",
            "0",
            "1",
            "-2.50",
            "12345678901234567890",
            "0.001",
            "\"\"",
            "\"text\"",
            "\"42\"",
            "\"é日😀\"",
            "\"a\\nb\\t\\\"\\\\\"",
            "\"2026-01-31\"");

    private final Dice dice;

    JsonTexts(Dice dice) {
        this.dice = dice;
    }

    String document() {
        return object(3);
    }

    private String value(int depth) {
        if (depth == 0 || dice.oneIn(3)) {
            return dice.of(SCALARS);
        }
        return dice.oneIn(2) ? object(depth - 1) : list(depth - 1);
    }

    private String object(int depth) {
        List<String> members = new ArrayList<>();
        for (String name : NAMES) {
            if (dice.oneIn(2)) {
                members.add("\"" + name + "\": " + value(depth));
            }
        }
        return "{" + String.join(", ", members) + "}";
    }

    private String list(int depth) {
        List<String> values = new ArrayList<>();
        for (int i = dice.below(4); i > 0; i--) {
            values.add(value(depth));
        }
        return "[" + String.join(", ", values) + "]";
    }
}
