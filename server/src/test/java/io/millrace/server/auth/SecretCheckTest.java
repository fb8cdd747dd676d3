package io.millrace.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.server.auth.SecretCheck.Outcome;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SecretCheckTest {

    private static final String ADDRESS = "192.0.2.1";

    private final TestClock clock = new TestClock();
    private final SecureRandom random = new SecureRandom();
    private final SecretHash hash = new SecretHash(TestHome.CHEAP, random);
    private final SecretCheck check = check(SecretCheck.PATIENCE);
    private final List<String> hashes = List.of(hash.of("right"));

    private SecretCheck check(Duration patience) {
        return new SecretCheck(hash, new AttemptLimit(clock), 2, patience, clock, random);
    }

    /** All at once, as far as the machine can. */
    private static List<Outcome> atOnce(int times, Callable<Outcome> one) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome>> futures = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                futures.add(threads.submit(() -> {
                    start.await();
                    return one.call();
                }));
            }
            start.countDown();
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> future : futures) {
                outcomes.add(future.get());
            }
            return outcomes;
        }
    }

    @Test
    void aFleetThatStartsWithOneSecretIsLetInWithoutCountingAsGuesses() throws Exception {
        assertThat(atOnce(500, () -> check.check("a", hashes, "right", ADDRESS)))
                .containsOnly(new Outcome.Right());
    }

    @Test
    void manyGuessesAtOnceDoNotSlipThroughTheLimit() throws Exception {
        AtomicInteger guess = new AtomicInteger();
        List<Outcome> outcomes =
                atOnce(100, () -> check.check("a", hashes, "wrong" + guess.incrementAndGet(), ADDRESS));
        assertThat(outcomes).filteredOn(Outcome.Wrong.class::isInstance).hasSize(10);
        assertThat(outcomes).filteredOn(Outcome.Limited.class::isInstance).hasSize(90);
    }

    @Test
    void aSecretThatWasRightLatelyIsTakenThoughSomebodyElseAtTheAddressGuesses() throws Exception {
        assertThat(check.check("a", hashes, "right", ADDRESS)).isEqualTo(new Outcome.Right());
        for (int i = 0; i < 20; i++) {
            assertThat(check.check("a", hashes, "wrong" + i, ADDRESS)).isNotEqualTo(new Outcome.Right());
        }
        assertThat(check.check("a", hashes, "right", ADDRESS)).isEqualTo(new Outcome.Right());
        clock.advance(Duration.ofMinutes(5));
        assertThat(check.check("a", hashes, "right", ADDRESS)).isEqualTo(new Outcome.Right());
    }

    @Test
    void theRightSecretIsRefusedAfterTooManyGuesses() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(check.check("a", hashes, "wrong" + i, ADDRESS)).isEqualTo(new Outcome.Wrong());
        }
        assertThat(check.check("a", hashes, "right", ADDRESS)).isEqualTo(new Outcome.Limited(Duration.ofSeconds(6)));
        clock.advance(Duration.ofSeconds(6));
        assertThat(check.check("a", hashes, "right", ADDRESS)).isEqualTo(new Outcome.Right());
    }

    @Test
    void whatIsRememberedIsForOneClientWithTheSecretsItHasNow() throws Exception {
        assertThat(check.check("a", hashes, "right", ADDRESS)).isEqualTo(new Outcome.Right());
        List<String> others = List.of(hash.of("other"));
        assertThat(check.check("a", others, "right", ADDRESS)).isEqualTo(new Outcome.Wrong());
        assertThat(check.check("b", others, "right", ADDRESS)).isEqualTo(new Outcome.Wrong());
        assertThat(check.check("a", List.of(), "right", ADDRESS)).isEqualTo(new Outcome.Wrong());
    }

    @Test
    void whoHasToWaitTooLongForATurnIsToldThatItIsBusyAndLosesNoAttempt() throws Exception {
        // About a second of work; the other one waits for a millisecond.
        List<String> slow = List.of(new SecretHash(new SecretHash.Cost(128 * 1024, 8), random).of("right"));
        SecretCheck impatient = check(Duration.ofMillis(1));
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<Outcome> first = threads.submit(() -> impatient.check("a", slow, "right", ADDRESS));
            await().until(() -> impatient.free() == 0);
            for (int i = 0; i < 20; i++) {
                assertThat(impatient.check("b", hashes, "wrong" + i, ADDRESS)).isEqualTo(new Outcome.Busy());
            }
            assertThat(first.get()).isEqualTo(new Outcome.Right());
        }
        assertThat(impatient.check("b", hashes, "right", ADDRESS)).isEqualTo(new Outcome.Right());
        assertThat(impatient.free()).isEqualTo(1);
    }
}
