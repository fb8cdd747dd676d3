package io.millrace.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.yaml.Problem;
import io.millrace.engine.yaml.SourceKind;
import io.millrace.engine.yaml.SourceText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The messages for files that are wrong, word for word: see {@code bad-files.txt}. */
class BadFilesTest {
    private static final Pattern CASE = Pattern.compile("(?ms)^### ([^\n]*)\n(.*?)^>>>\n(.*?)(?=^### |\\z)");
    private static final Map<String, String> SET = Map.of("file", "given.jsonl");
    private static final Map<String, String> ENVIRONMENT = Map.of("SECRET", "hunter2", "PORT", "x99");

    @TestFactory
    Stream<DynamicTest> everyProblemIsToldAtItsPlace() throws IOException {
        return cases().stream()
                .map(c -> DynamicTest.dynamicTest(c.title, () -> {
                    assertThat(problems(c.file)).isEqualTo(c.problems.strip());
                }));
    }

    record Case(String title, String file, String problems) {}

    static List<Case> cases() throws IOException {
        try (InputStream in = Objects.requireNonNull(BadFilesTest.class.getResourceAsStream("bad-files.txt"))) {
            Matcher matcher = CASE.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            List<Case> cases = new ArrayList<>();
            while (matcher.find()) {
                cases.add(new Case(matcher.group(1), matcher.group(2), matcher.group(3)));
            }
            return cases;
        }
    }

    static String problems(String file) {
        Loaded loaded = new PipelineLoader(Connectors.installed())
                .check(
                        new SourceText("p.yaml", file, SourceKind.PIPELINE),
                        Path.of("p.yaml"),
                        SET,
                        ENVIRONMENT,
                        (pipeline, into) -> {});
        return switch (loaded) {
            case Loaded.Ok ok -> "nothing is wrong";
            case Loaded.Invalid invalid ->
                String.join(
                        "\n", invalid.problems().stream().map(Problem::toString).toList());
        };
    }
}
