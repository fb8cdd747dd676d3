package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.CrashHarness;
import io.millrace.testkit.Launcher;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashIT {

    @Test
    void theTableIsExactAfterFiftyKillsAtRandomMoments(@TempDir Path folder) throws Exception {
        Launcher launcher = Launcher.ofThisTree(folder.resolve("home"));

        CrashHarness.Outcome outcome =
                new CrashHarness(launcher, folder.resolve("data"), System.nanoTime(), System.out).run(50, 2_000);

        System.out.println(outcome);
        assertThat(outcome.kills()).isEqualTo(50);
    }
}
