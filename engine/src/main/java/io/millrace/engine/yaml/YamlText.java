package io.millrace.engine.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Reads a file as text: UTF-8, of bounded size, without characters that YAML does not know. */
public final class YamlText {
    private static final int MAX_BYTES = 1 << 20;

    private YamlText() {}

    /** The file's text, or null where it can't be read; then a problem says why. */
    public static @Nullable SourceText read(Path file, SourceKind kind, Consumer<Problem> problems) {
        String name = file.toString();
        byte[] bytes;
        try {
            if (Files.isDirectory(file)) {
                problems.accept(whole(name, "is a folder; name the " + kind.noun() + " in it"));
                return null;
            }
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(MAX_BYTES + 1);
            }
        } catch (NoSuchFileException e) {
            problems.accept(whole(name, "there is no such file"));
            return null;
        } catch (AccessDeniedException e) {
            problems.accept(whole(name, "no permission to read it"));
            return null;
        } catch (IOException e) {
            problems.accept(whole(name, "can't be read: " + e.getMessage()));
            return null;
        }
        if (bytes.length > MAX_BYTES) {
            problems.accept(whole(name, "is larger than 1 MiB, which no " + kind.noun() + " is; is it the data?"));
            return null;
        }
        return decode(name, bytes, kind, problems);
    }

    /** The text of a file's bytes, or null where they are none; then a problem says why. */
    public static @Nullable SourceText decode(String name, byte[] bytes, SourceKind kind, Consumer<Problem> problems) {
        int start = startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
        if (startsWith(bytes, 0xFF, 0xFE) || startsWith(bytes, 0xFE, 0xFF)) {
            problems.accept(whole(name, "is UTF-16 text; save it as UTF-8"));
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, start, bytes.length - start);
        CharBuffer out = CharBuffer.allocate(bytes.length - start);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(in, out, true);
        SourceText source = new SourceText(name, out.flip().toString(), kind);
        Problems found = new Problems(source);
        // Binary data may begin with valid characters: what is no text is told by whichever comes first.
        int unprintable = unprintable(source.text());
        if (unprintable >= 0) {
            int c = source.text().codePointAt(unprintable);
            found.add(
                    unprintable,
                    "the character U+%04X can't be in a YAML file%s"
                            .formatted(c, c == 0 ? "; is it a binary file?" : ""));
        } else if (result.isError()) {
            found.add(
                    source.text().length(),
                    "not UTF-8: the byte 0x%02X does not belong here".formatted(bytes[in.position()] & 0xFF));
        } else {
            return source;
        }
        found.sorted().forEach(problems);
        return null;
    }

    private static int unprintable(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            // A byte order mark belongs to the start and nowhere else.
            if (!StreamReader.isPrintable(c) || c == 0xFEFF) {
                return i;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] bytes, int... start) {
        if (bytes.length < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if ((bytes[i] & 0xFF) != start[i]) {
                return false;
            }
        }
        return true;
    }

    private static Problem whole(String file, String message) {
        return new Problem(file, 0, 0, message, "");
    }
}
