package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.LiveSystem;
import io.millrace.testkit.LiveTorture;
import io.millrace.testkit.LiveTorture.Plan;
import io.millrace.testkit.LiveTorture.Strike;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server is killed at random moments while clients send: what was acknowledged is counted exactly once, and after the
 * clients have ended, so is everything.
 */
class LiveCrashIT {

    private static final int KILLS = 30;

    @Test
    void everyEventIsCountedOnceThoughTheServerIsKilledThirtyTimes(@TempDir Path folder) throws Exception {
        Plan plan = new Plan(Map.of(Strike.KILL_SERVER, 1), 2, 60_000, 4_000, 400);
        try (LiveSystem system = LiveSystem.in(folder)) {
            LiveTorture.Outcome outcome = new LiveTorture(system, plan, System.nanoTime(), System.out).run(KILLS);

            System.out.println(outcome);
            assertThat(outcome.total()).isEqualTo(KILLS);
        }
    }
}
