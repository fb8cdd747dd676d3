package io.millrace.engine.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlTextTest {
    private final List<Problem> problems = new ArrayList<>();

    private @Nullable SourceText decode(byte[] bytes) {
        return YamlText.decode("f", bytes, SourceKind.PIPELINE, problems::add);
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheText() {
        SourceText source = Objects.requireNonNull(decode("\uFEFFa: b".getBytes(StandardCharsets.UTF_8)));
        assertThat(source.text()).isEqualTo("a: b");
    }

    @Test
    void everyKindOfNewlineEndsALine() {
        SourceText source = new SourceText("f", "a\nb\r\nc\rd", SourceKind.PIPELINE);
        assertThat(source.line(source.text().indexOf('d'))).isEqualTo(4);
        assertThat(source.lineText(2)).isEqualTo("b");
        assertThat(source.lineText(4)).isEqualTo("d");
    }

    @Test
    void columnsCountCharacters() {
        SourceText source = new SourceText("f", "x\n\uD83D\uDE00\u00E9b", SourceKind.PIPELINE);
        assertThat(source.column(source.text().indexOf('b'))).isEqualTo(3);
        assertThat(source.offset(1, 2)).isEqualTo(source.text().indexOf('b'));
    }

    @Test
    void whatIsNotUtf8IsToldWithItsPlace() {
        decode("a: b\nc: \u00E9".getBytes(StandardCharsets.ISO_8859_1));
        decode("a: b".getBytes(StandardCharsets.UTF_16));
        decode("a: b".getBytes(Charset.forName("x-UTF-16LE-BOM")));
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly(
                        "f:2:4: not UTF-8: the byte 0xE9 does not belong here",
                        "f: is UTF-16 text; save it as UTF-8",
                        "f: is UTF-16 text; save it as UTF-8");
    }

    @Test
    void binaryDataIsToldSo() {
        decode(new byte[] {'a', '\n', 0, 1, (byte) 0xFF});
        decode("a: \u0007".getBytes(StandardCharsets.UTF_8));
        decode("a: \uFEFF".getBytes(StandardCharsets.UTF_8));
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly(
                        "f:2:1: the character U+0000 can't be in a YAML file; is it a binary file?",
                        "f:1:4: the character U+0007 can't be in a YAML file",
                        "f:1:4: the character U+FEFF can't be in a YAML file");
    }

    @Test
    void aFileThatCantBeReadIsToldSo(@TempDir Path folder) throws IOException {
        Path large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
        YamlText.read(folder, SourceKind.PIPELINE, problems::add);
        YamlText.read(folder.resolve("missing.yaml"), SourceKind.PIPELINE, problems::add);
        YamlText.read(large, SourceKind.PIPELINE, problems::add);
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly(
                        folder + ": is a folder; name the pipeline file in it",
                        folder.resolve("missing.yaml") + ": there is no such file",
                        large + ": is larger than 1 MiB, which no pipeline file is; is it the data?");
    }

    @Test
    void aProblemIsShownWithACaretUnderItsPlace() {
        assertThat(new Problem("f", 12, 4, "no", "\t\uD83D\uDE00 x").render())
                .isEqualTo("f:12:4: no\n  12 | \t\uD83D\uDE00 x\n     | \t  ^");
        String wide = "x".repeat(500);
        assertThat(new Problem("f", 1, 400, "no", wide).render().lines().toList())
                .allMatch(line -> line.length() < 130);
        assertThat(new Problem("f", 0, 0, "no", "").render()).isEqualTo("f: no");
    }
}
