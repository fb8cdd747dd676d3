package io.millrace.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AttemptLimitTest {

    private static final String ADDRESS = "192.0.2.1";

    private final TestClock clock = new TestClock();
    private final AttemptLimit limit = new AttemptLimit(clock);

    private void exhaust(String client, String address) {
        for (int i = 0; i < 10; i++) {
            assertThat(limit.take(client, address)).isEmpty();
        }
    }

    @Test
    void tenAttemptsAtOnceAndThenOneForEachSixSeconds() {
        exhaust("a", ADDRESS);
        assertThat(limit.take("a", ADDRESS)).contains(Duration.ofSeconds(6));
        clock.advance(Duration.ofSeconds(4));
        assertThat(limit.take("a", ADDRESS)).contains(Duration.ofSeconds(2));
        clock.advance(Duration.ofSeconds(2));
        assertThat(limit.take("a", ADDRESS)).isEmpty();
        assertThat(limit.take("a", ADDRESS)).isPresent();
        clock.advance(Duration.ofMinutes(10));
        exhaust("a", ADDRESS);
        assertThat(limit.take("a", ADDRESS)).isPresent();
    }

    @Test
    void anotherClientOrAnotherAddressIsNotHeldUp() {
        exhaust("a", ADDRESS);
        assertThat(limit.take("b", ADDRESS)).isEmpty();
        assertThat(limit.take("a", "192.0.2.2")).isEmpty();
    }

    @Test
    void oneAddressMayNotTryManyClients() {
        for (int i = 0; i < 50; i++) {
            assertThat(limit.take("client" + i, ADDRESS)).isEmpty();
        }
        assertThat(limit.take("another", ADDRESS)).contains(Duration.ofSeconds(1));
        assertThat(limit.take("another", "192.0.2.2")).isEmpty();
    }

    @Test
    void theAddressesOfOneSubscriberCountAsOne() {
        for (int i = 0; i < 10; i++) {
            assertThat(limit.take("a", "2001:db8:0:1::" + i)).isEmpty();
        }
        assertThat(limit.take("a", "2001:db8:0:1:ffff:ffff:ffff:ffff")).isPresent();
        assertThat(limit.take("a", "2001:db8:0:2::1")).isEmpty();
    }

    @Test
    void whatIsNoAddressIsTakenAsItIs() {
        exhaust("a", "unix:/run/socket");
        assertThat(limit.take("a", "unix:/run/socket")).isPresent();
        assertThat(limit.take("a", "unix:/run/other")).isEmpty();
    }

    @Test
    void aClockThatWasSetBackLocksNobodyOutForLong() {
        exhaust("a", ADDRESS);
        clock.advance(Duration.ofDays(-1));
        // What is left of the wait is counted anew, for the address first and for the client then.
        for (int i = 0; i < 2; i++) {
            assertThat(limit.take("a", ADDRESS).orElseThrow()).isLessThanOrEqualTo(Duration.ofSeconds(6));
            clock.advance(Duration.ofSeconds(6));
        }
        assertThat(limit.take("a", ADDRESS)).isEmpty();
    }

    @Property(tries = 200)
    void rightSecretsCostNothing(@ForAll @IntRange(min = 1, max = 200) int times) {
        AttemptLimit fresh = new AttemptLimit(clock);
        for (int i = 0; i < times; i++) {
            assertThat(fresh.take("a", ADDRESS)).isEmpty();
            fresh.giveBack("a", ADDRESS);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(fresh.take("a", ADDRESS)).isEmpty();
        }
        assertThat(fresh.take("a", ADDRESS)).isPresent();
    }

    @Property(tries = 200)
    void whateverTheRhythmNeverMoreThanBurstPlusRefill(
            @ForAll List<@IntRange(min = 0, max = 20_000) Integer> pausesMillis) {
        TestClock own = new TestClock();
        AttemptLimit fresh = new AttemptLimit(own);
        long taken = 0;
        long elapsed = 0;
        for (int pause : pausesMillis) {
            own.advance(Duration.ofMillis(pause));
            elapsed += pause;
            taken += fresh.take("a", ADDRESS).isEmpty() ? 1 : 0;
            assertThat(taken).isLessThanOrEqualTo(10 + elapsed / 6000);
        }
    }
}
