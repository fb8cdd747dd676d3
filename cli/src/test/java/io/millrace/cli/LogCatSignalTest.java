package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.Lines;
import io.millrace.log.Log;
import io.millrace.log.LogOptions;
import io.millrace.log.StreamWriter;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace log cat --follow} in a process of its own, as a person ends it. */
class LogCatSignalTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path home;

    @Test
    void aSignalEndsItCleanly() throws Exception {
        try (Log log = Log.openForWriting(
                        home.resolve("log"), LogOptions.DEFAULTS, InstantSource.system(), event -> {});
                StreamWriter clicks = log.writer("clicks", 1)) {
            clicks.append(0, "demo", null, Lines.of("{}\n".getBytes(StandardCharsets.UTF_8), 1));
            Process cat = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            "log",
                            "cat",
                            "clicks",
                            "--follow",
                            "--home",
                            home.toString())
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader printed = cat.inputReader(StandardCharsets.UTF_8)) {
                assertThat(printed.readLine()).isEqualTo("{}");
                // SIGTERM, which is handled as Ctrl-C is: that is ignored where a build runs in the background.
                cat.toHandle().destroy();

                assertThat(printed.readLine()).isNull();
                assertThat(cat.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(cat.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
            } finally {
                cat.destroyForcibly();
            }
        }
    }
}
