package io.millrace.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.yaml.Problem;
import io.millrace.engine.yaml.SourceKind;
import io.millrace.engine.yaml.SourceText;
import io.millrace.engine.yaml.YamlText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever is done to a file, the answer is a pipeline or a list of problems, soon. */
class PipelineFuzzTest {
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ": ",
            "- ",
            "? ",
            "&a ",
            "*a",
            "!",
            "!!str ",
            "|",
            ">",
            "|2-",
            "'",
            "\"",
            "#",
            "%",
            "\n",
            "\r\n",
            "\r",
            "\t",
            "  ",
            "${",
            "${file",
            "}",
            "$${x}",
            "${PORT}",
            "---\n",
            "...\n",
            "~",
            "\u0000",
            "\uFEFF",
            "\uD83D\uDE00",
            "\u2028",
            "<<: ",
            "into",
            "key: ",
            "GROUP BY",
            "--",
            "/*",
            "COUNT(*)",
            "1e999",
            "99999999999999999999",
            "true",
            "@",
            "`",
            "\\",
            "\"\\u12\"");

    private final PipelineLoader loader = new PipelineLoader(Connectors.installed());

    @Property(tries = 400)
    void aMangledFileGivesProblemsAndNoException(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int changes) {
        Random random = new Random(seed);
        byte[] bytes = PipelineLoaderTest.REVENUE.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < changes; i++) {
            bytes = mangle(bytes, random);
        }
        check(bytes);
    }

    @Property(tries = 200)
    void noiseGivesProblemsAndNoException(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(200); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        check(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void check(byte[] bytes) {
        List<Problem> unreadable = new java.util.ArrayList<>();
        SourceText source = YamlText.decode("pipeline.yaml", bytes, SourceKind.PIPELINE, unreadable::add);
        Loaded loaded = source == null
                ? new Loaded.Invalid(unreadable, java.util.Set.of())
                : loader.check(
                        source,
                        Path.of("pipeline.yaml"),
                        Map.of("file", "a.jsonl"),
                        Map.of("PORT", "hunter2-is-secret"),
                        (pipeline, into) -> {});
        if (loaded instanceof Loaded.Invalid invalid) {
            assertThat(invalid.problems()).isNotEmpty();
            for (Problem problem : invalid.problems()) {
                assertThat(problem.message()).isNotBlank().doesNotContain("hunter2");
                assertThat(problem.render()).startsWith("pipeline.yaml:");
                assertThat(problem.column()).isBetween(0, problem.sourceLine().length() + 1);
            }
        }
    }

    private static byte[] mangle(byte[] bytes, Random random) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + random.nextInt(20));
        byte[] piece = PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(5)) {
            case 0 -> splice(bytes, from, to, new byte[0]);
            case 1 -> splice(bytes, from, from, piece);
            case 2 -> splice(bytes, from, to, piece);
            case 3 -> splice(bytes, from, Math.min(bytes.length, from + 1), new byte[] {(byte) random.nextInt(256)});
            default -> splice(bytes, from, from, Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 60)));
        };
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] piece) {
        byte[] made = new byte[bytes.length - (to - from) + piece.length];
        System.arraycopy(bytes, 0, made, 0, from);
        System.arraycopy(piece, 0, made, from, piece.length);
        System.arraycopy(bytes, to, made, from + piece.length, bytes.length - to);
        return made;
    }
}
