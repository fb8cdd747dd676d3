package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.CrashHarness;
import io.millrace.testkit.Launcher;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashIT {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theTableIsExactAfterKillsAtRandomMoments(boolean repeats, @TempDir Path folder) throws Exception {
        Launcher launcher = Launcher.ofThisTree(folder.resolve("home"));

        CrashHarness.Outcome outcome = new CrashHarness(
                        launcher, repeats, folder.resolve("data"), System.nanoTime(), System.out)
                .run(25, 2_000);

        System.out.println(outcome);
        assertThat(outcome.kills()).isEqualTo(25);
        assertThat(outcome.repeated() > 0).isEqualTo(repeats);
    }
}
