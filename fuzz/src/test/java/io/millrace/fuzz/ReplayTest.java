package io.millrace.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every input of the corpus, those that once were found among them, is tried again. */
class ReplayTest {

    private static final Path CORPUS = Path.of("src/test/resources/io/millrace/fuzz");

    @ParameterizedTest
    @EnumSource
    void noInputOfTheCorpusCrashesOrHangs(Fuzz.Target target) throws Exception {
        List<Path> inputs;
        try (Stream<Path> files = Files.list(CORPUS.resolve(target.word()))) {
            inputs = files.sorted().toList();
        }
        assertThat(inputs).isNotEmpty();
        Method take = target.type().getMethod("fuzzerTestOneInput", byte[].class);
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            for (Path input : inputs) {
                replay(take, input);
            }
        });
    }

    private static void replay(Method take, Path input) throws IOException, IllegalAccessException {
        try {
            take.invoke(null, (Object) Files.readAllBytes(input));
        } catch (InvocationTargetException e) {
            throw new AssertionError(input + " fails again", e.getCause());
        }
    }
}
