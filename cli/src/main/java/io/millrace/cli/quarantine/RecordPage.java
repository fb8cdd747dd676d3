package io.millrace.cli.quarantine;

import io.millrace.api.Quarantine;
import io.millrace.api.Rejection;
import io.millrace.cli.output.Figures;
import io.millrace.cli.output.Visible;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Everything about one record, for the eye. */
public final class RecordPage {

    private static final Pattern BYTE = Pattern.compile("\\bbyte ([1-9][0-9]{0,8})\\b");
    private static final int HEX_BYTES = 16;
    private static final String INDENT = "  ";

    private final PrintStream out;
    private final int columns;

    /** @param columns how wide a line may be in which a fault is pointed at */
    public RecordPage(PrintStream out, int columns) {
        this.out = out;
        this.columns = Math.max(columns - INDENT.length(), 20);
    }

    public void print(Quarantine.Entry entry) {
        Rejection rejection = entry.rejection();
        line("number", Long.toString(entry.number()));
        line("split", entry.split());
        line("position", rejection.position());
        line("since", entry.since().toString());
        line("run", entry.run());
        line("stage", rejection.stage().word());
        line(
                "reason",
                rejection.code()
                        + Reasons.meaning(rejection.stage(), rejection.code())
                                .map(meaning -> ": " + meaning)
                                .orElse(""));
        if (rejection.field() != null) {
            line("field", rejection.field());
        }
        line("message", rejection.message());
        byte[] raw = rejection.raw();
        line(
                "record",
                Figures.count(raw.length, "byte")
                        + (raw.length >= Rejection.MAX_RAW_BYTES ? ", the first of more" : ""));
        Matcher matcher = BYTE.matcher(rejection.message());
        int fault = matcher.find() ? Integer.parseInt(matcher.group(1)) - 1 : -1;
        Optional<String> text = text(raw);
        if (text.isPresent()) {
            text(text.get(), raw, fault);
        } else {
            hex(raw, fault);
        }
    }

    private void line(String name, String value) {
        out.printf("%-9s %s%n", name, Visible.text(value));
    }

    private static Optional<String> text(byte[] raw) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw))
                    .toString());
        } catch (CharacterCodingException e) {
            // Then it is shown byte by byte.
            return Optional.empty();
        }
    }

    private void text(String text, byte[] raw, int fault) {
        String shown = Visible.text(text);
        out.println(INDENT + shown);
        if (fault < 0 || fault > raw.length) {
            return;
        }
        String before = Visible.text(new String(raw, 0, fault, StandardCharsets.UTF_8));
        int cell = Visible.width(before);
        if (Visible.width(shown) <= columns) {
            out.println(INDENT + " ".repeat(cell) + "^");
            return;
        }
        // A line that wraps can't be pointed into: the part around the fault is shown again.
        int from = Math.max(0, before.length() - columns / 2);
        int to = Math.min(shown.length(), from + columns - 2);
        String part = (from > 0 ? "…" : "") + shown.substring(from, to) + (to < shown.length() ? "…" : "");
        out.println();
        out.println(INDENT + part);
        out.println(INDENT
                + " ".repeat((from > 0 ? 1 : 0) + Visible.width(before.substring(Math.min(from, before.length()))))
                + "^");
    }

    private void hex(byte[] raw, int fault) {
        HexFormat hex = HexFormat.ofDelimiter(" ");
        for (int at = 0; at < raw.length; at += HEX_BYTES) {
            int to = Math.min(raw.length, at + HEX_BYTES);
            StringBuilder printable = new StringBuilder();
            for (int i = at; i < to; i++) {
                printable.append(raw[i] >= ' ' && raw[i] < 0x7F ? (char) raw[i] : '.');
            }
            out.printf("%s%08d  %-" + (HEX_BYTES * 3) + "s %s%n", INDENT, at, hex.formatHex(raw, at, to), printable);
            if (fault >= at && fault < to) {
                out.println(INDENT + " ".repeat(10 + 3 * (fault - at)) + "^^");
            }
        }
    }
}
