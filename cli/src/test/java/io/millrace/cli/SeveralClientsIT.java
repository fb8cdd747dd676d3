package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Launcher.Result;
import io.millrace.testkit.Launcher.Running;
import io.millrace.testkit.LiveSystem;
import io.millrace.testkit.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send at the same time, of which two are out of line, are no trouble to each other. */
class SeveralClientsIT {

    private static final int EVENTS = 20_000;
    private static final int GREEDY_EVENTS = 250;
    private static final Pattern ACCEPTED = Pattern.compile("accepted +([\\d,]+)");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void oneOverItsLimitAndOneThatIsDisabledDoNotHurtTheOthers() throws Exception {
        int port = Ports.free();
        try (LiveSystem system = LiveSystem.in(folder)) {
            Path first = system.events("first", EVENTS, 1);
            Path second = system.events("second", EVENTS, 2);
            Path greedy = system.events("greedy", GREEDY_EVENTS, 3);
            Path disabled = system.events("disabled", EVENTS, 4);
            for (String client : new String[] {"one", "two", "greedy", "gone"}) {
                Result added =
                        LiveSystem.expect(system.launcher().run("client", "add", client, "--scope", "events:write"));
                Matcher secret =
                        Pattern.compile("MILLRACE_CLIENT_SECRET=(\\S+)").matcher(added.out());
                assertThat(secret.find()).isTrue();
                Files.writeString(folder.resolve(client + ".secret"), secret.group(1));
            }
            system.up(port, "--set", "http.limits.requests_per_second=20", "--set", "http.limits.burst=20");
            // 1,000 events a request are 20 requests, all within the burst. An event a request is over the limit,
            // unless 250
            // of them take 12 seconds.
            try (Running one = send(system, first, port, "one", "--batch", "1000", "--rate", "6000");
                    Running two = send(system, second, port, "two", "--batch", "1000", "--rate", "6000");
                    Running over = send(system, greedy, port, "greedy", "--single", "--parallel", "64");
                    Running gone = send(system, disabled, port, "gone", "--batch", "200", "--rate", "2000")) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> gone.err().matches("(?s).*[1-9][\\d,]* events.*"));

                LiveSystem.expect(system.launcher().run("client", "disable", "gone"));

                Result refused = gone.await();
                assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
                assertThat(refused.err()).contains("401");
                for (Running orderly : new Running[] {one, two}) {
                    Result sent = LiveSystem.expect(orderly.await());
                    assertThat(sent.out()).containsPattern("retried +0\\b").containsPattern("refused +0\\b");
                }
                Result slow = LiveSystem.expect(over.await());
                assertThat(slow.out()).containsPattern("refused +0\\b").doesNotContainPattern("retried +0\\b");

                long taken = accepted(refused);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> system.query("SELECT sum(events) AS n FROM live_users_revenue")
                                .equals(Long.toString(2 * EVENTS + GREEDY_EVENTS + taken)));
            }
            Result ledger = LiveSystem.expect(system.launcher().run("ledger", "user-revenue"));
            assertThat(ledger.out()).containsPattern("Source \\S+: [\\d,]+ records from offset \\d+ up to offset");
        }
    }

    private Running send(LiveSystem system, Path file, int port, String client, String... options) throws Exception {
        String[] command = new String[options.length + 8];
        String[] fixed = {
            "send",
            file.toString(),
            "--to",
            "http://127.0.0.1:" + port + "/liveEvent",
            "--client",
            client,
            "--secret-file",
            folder.resolve(client + ".secret").toString()
        };
        System.arraycopy(fixed, 0, command, 0, fixed.length);
        System.arraycopy(options, 0, command, fixed.length, options.length);
        return system.start(command);
    }

    private static long accepted(Result sent) {
        Matcher accepted = ACCEPTED.matcher(sent.out());
        assertThat(accepted.find()).as(sent.toString()).isTrue();
        return Long.parseLong(accepted.group(1).replace(",", ""));
    }
}
