package io.millrace.fuzz;

import io.millrace.api.Projection;
import io.millrace.api.Type;
import io.millrace.formats.Decoder;
import io.millrace.formats.JsonText;
import io.millrace.formats.Ndjson;
import java.util.Arrays;
import java.util.List;

/** Lines of any bytes: each becomes a row or is malformed, and {@link JsonText} is of the same opinion. */
public final class NdjsonTarget {

    private static final Projection ANYTHING =
            new Projection(List.of(new Projection.Field(List.of("a"), Type.JSON, true, true)));
    private static final Projection TYPED = new Projection(List.of(
            new Projection.Field(List.of("a"), Type.BIGINT, true, false),
            new Projection.Field(List.of("b", "c"), Type.VARCHAR, true, true),
            new Projection.Field(List.of("d"), Type.DOUBLE, false, true),
            new Projection.Field(List.of("e"), Type.TIMESTAMP_TZ, true, true),
            new Projection.Field(List.of("f"), new Type.Decimal(38, 9), true, true)));

    private NdjsonTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        byte[] lines = Arrays.copyOf(input, input.length + 1);
        lines[input.length] = '\n';
        int wrong = wrong(lines);
        check(decode(ANYTHING, lines)[1] == wrong, "the decoder and the reader of texts disagree");
        int[] typed = decode(TYPED, lines);
        check(typed[1] >= wrong, "a malformed line became a row");
        check(typed[0] + typed[1] == records(lines), "a line is neither a row nor malformed");
    }

    /** How many rows there are, and how many malformed lines. */
    private static int[] decode(Projection projection, byte[] lines) {
        Decoder decoder = new Ndjson(3).decoder(projection, new byte[0]);
        int[] counts = new int[2];
        int p = 0;
        while (p < lines.length) {
            int next = decoder.decode(lines, p, lines.length, true);
            check(next > p, "the decoder stands still");
            counts[0] += decoder.batch().rows();
            counts[1] += decoder.malformed().size();
            p = next;
        }
        return counts;
    }

    private static int wrong(byte[] lines) {
        JsonText text = new JsonText();
        int wrong = 0;
        for (int from = 0; from < lines.length; ) {
            int to = newline(lines, from);
            if (!blank(lines, from, to)) {
                text.over(lines, to);
                int start = text.space(from);
                int end = text.value(start, 0);
                wrong += end >= 0 && text.end(end) >= 0 && lines[start] == '{' ? 0 : 1;
            }
            from = to + 1;
        }
        return wrong;
    }

    private static int records(byte[] lines) {
        int records = 0;
        for (int from = 0; from < lines.length; ) {
            int to = newline(lines, from);
            records += blank(lines, from, to) ? 0 : 1;
            from = to + 1;
        }
        return records;
    }

    private static int newline(byte[] lines, int from) {
        int to = from;
        while (lines[to] != '\n') {
            to++;
        }
        return to;
    }

    private static boolean blank(byte[] b, int from, int to) {
        for (int p = from; p < to; p++) {
            if (b[p] != ' ' && b[p] != '\t' && b[p] != '\r') {
                return false;
            }
        }
        return true;
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
