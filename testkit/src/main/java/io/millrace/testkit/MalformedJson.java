package io.millrace.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The ways in which JSON can be malformed, each with its verdict, from {@code malformed-json.txt} beside this class. */
public final class MalformedJson {

    private MalformedJson() {}

    /**
     * A record, and what is to be found of it.
     *
     * @param code {@code ok}, {@code blank} where it is no record at all, or the reason code
     * @param at the byte where it is wrong, from 1; 0 where it is right
     * @param record its bytes
     * @param line how it is written in the file, to tell it by
     */
    public record Verdict(String code, int at, byte[] record, String line) {}

    public static List<Verdict> verdicts() {
        try (InputStream in = Objects.requireNonNull(MalformedJson.class.getResourceAsStream("malformed-json.txt"))) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return all.lines()
                    .filter(line -> !line.startsWith("# "))
                    .map(MalformedJson::verdict)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Verdict verdict(String line) {
        int space = line.indexOf(' ');
        List<String> words = List.of(line.substring(0, space).split(":", -1));
        byte[] record = bytes(line.substring(space + 1));
        int at = words.size() == 1 ? 0 : Integer.parseInt(words.get(1));
        return new Verdict(words.getFirst(), at, record, line);
    }

    private static byte[] bytes(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("%(", i)) {
                int star = text.indexOf('*', i);
                int end = text.indexOf(')', star);
                int times = Integer.parseInt(text.substring(i + 2, star));
                bytes.writeBytes(text.substring(star + 1, end).repeat(times).getBytes(StandardCharsets.UTF_8));
                i = end;
            } else if (text.charAt(i) == '%') {
                bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(text.charAt(i));
            }
        }
        return bytes.toByteArray();
    }
}
