package io.millrace.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Commit;
import io.millrace.api.Sink;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeenKeysTest {

    private static final int WITHIN = 100;

    private final SeenKeys seen = new SeenKeys(Duration.ofSeconds(WITHIN));

    @Test
    void aKeyIsARepeatWithinTheTimeAndToTheSecond() {
        assertThat(first(1, 2, 1000)).isTrue();
        assertThat(first(1, 2, 1000)).isFalse();
        assertThat(first(1, 2, 1000 + WITHIN - 1)).isFalse();
        assertThat(first(1, 2, 1000 + WITHIN)).isTrue();
        assertThat(first(1, 2, 1000 + 2 * WITHIN - 1)).isFalse();
        assertThat(first(1, 2, 1000)).as("a late one").isFalse();
        assertThat(first(1, 3, 1000)).as("another key").isTrue();
        assertThat(first(2, 2, 1000)).as("another key").isTrue();
    }

    @Test
    void timesBeforeTheEpochOfKeysAreTimes() {
        assertThat(first(1, 2, -1000)).isTrue();
        assertThat(first(1, 2, -1000 + WITHIN - 1)).isFalse();
        assertThat(first(1, 2, -1000 + WITHIN)).isTrue();
        assertThat(first(1, -1, -5)).as("another key").isTrue();
        assertThat(first(1, -1, 5)).isFalse();
    }

    @Test
    void aKeyThatIsForgottenIsNewAgain() {
        first(1, 0, 5);
        forget(1, 0);
        assertThat(first(1, 0, 5)).isTrue();
        assertThat(first(1, 0, 5)).isFalse();
        forget(7, 7);
        assertThat(first(7, 7, 5)).isTrue();
    }

    @Test
    void itAgreesWithAMapWhateverComes() {
        Random random = new Random(7);
        Map<List<Long>, Integer> model = new HashMap<>();
        int second = 0;
        for (int i = 0; i < 300_000; i++) {
            second += random.nextInt(100) == 0 ? 1 : 0;
            // Half of the keys differ in the other half only.
            long high = random.nextBoolean() ? scattered(random.nextInt(40)) : 1 + random.nextInt(2);
            int low = random.nextInt(40);
            List<Long> key = List.of(high, (long) low);
            Integer before = model.get(key);
            boolean first = before == null || second - before >= WITHIN;
            if (first) {
                model.put(key, second);
            }
            assertThat(first(high, low, second)).isEqualTo(first);
        }
    }

    @Test
    void ofKeysThatAreAskedAboutTogetherTheFirstOfEachIsFirst() {
        KeyQuestion question = new KeyQuestion();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 3000; i++) {
                question.add(scattered(i % 1000), SeenKeys.low(0, 5));
            }
            seen.answer(question);
            for (int i = 0; i < 3000; i++) {
                assertThat(question.first(i)).as("round %d, key %d", round, i).isEqualTo(round == 0 && i < 1000);
            }
            question.clear();
        }
    }

    @Test
    void whatIsPastMakesRoom() {
        for (int i = 0; i < 2_000_000; i++) {
            first(scattered(i), 0, i / 100);
        }
        assertThat(seen.places())
                .as("of keys of which only the last 20,000 count")
                .isLessThan(200_000);
        assertThat(first(scattered(1_999_999), 0, 20_000)).isFalse();
    }

    @Test
    void ofManyThreadsWithTheSameKeysOneIsFirst() throws Exception {
        // Those that are known already wait to be entered when the threads begin.
        blocks(seen, 50_000, 50_000);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> firsts = IntStream.range(0, 4)
                    .mapToObj(thread -> threads.submit(() -> {
                        int first = 0;
                        KeyQuestion question = new KeyQuestion();
                        for (int i = 0; i < 150_000; i++) {
                            question.add(scattered(i), SeenKeys.low((long) i << 32, 5));
                            if (question.size() == 100 * (thread + 1) || i == 149_999) {
                                seen.answer(question);
                                for (int key = 0; key < question.size(); key++) {
                                    first += question.first(key) ? 1 : 0;
                                }
                                question.clear();
                            }
                        }
                        return first;
                    }))
                    .toList();
            int sum = 0;
            for (Future<Integer> first : firsts) {
                sum += first.get();
            }
            assertThat(sum).isEqualTo(100_000);
        }
    }

    /** @param told how many keys it is told to come, of 50,000 */
    @ParameterizedTest
    @ValueSource(ints = {0, 20_000, 50_000, 200_000})
    void keysThatWereReadAreKnownHoweverManyWereToldToCome(int told) {
        blocks(seen, told, 50_000);
        assertThat(seen.known()).isEqualTo(2);
        int fresh = 0;
        for (int i = 0; i < 60_000; i++) {
            fresh += first(scattered(i), i, 5) ? 1 : 0;
        }
        assertThat(fresh).isEqualTo(10_000);
    }

    @Test
    void aReadingThatBeginsAnewHasNothingOfTheOneThatWasCutOff() {
        seen.begin(new byte[Sink.KeyBlocks.SECRET_BYTES], 50_000 * Commit.Keys.KEY_BYTES);
        take(seen, 7, block(scattered(60_000), 3, 5));
        blocks(seen, 50_000, 50_000);
        assertThat(seen.known()).isEqualTo(2);
        assertThat(first(scattered(60_000), 3, 5)).isTrue();
        assertThat(first(scattered(49_999), 49_999, 5)).isFalse();
    }

    @Test
    void ofAKeyThatWasReadTwiceTheLaterTimeCounts() {
        SeenKeys other = new SeenKeys(Duration.ofSeconds(WITHIN));
        other.begin(new byte[Sink.KeyBlocks.SECRET_BYTES], 100_000 * Commit.Keys.KEY_BYTES);
        take(other, 1, block(9, 9, 0));
        take(other, 2, block(9, 9, WITHIN));
        other.ready();
        assertThat(other.first(9, SeenKeys.low(9L << 32, 2 * WITHIN - 1))).isFalse();
        assertThat(other.first(9, SeenKeys.low(9L << 32, 2 * WITHIN))).isTrue();
    }

    @Test
    void aBlockOfAnotherProcessTellsWhetherItHasAKeyThatIsKnown() {
        byte[] block = block(scattered(5), -5, 56);
        assertThat(seen.learn(9, block)).isTrue();
        assertThat(seen.known()).isEqualTo(9);
        assertThat(first(scattered(5), -5, 56)).isFalse();
        assertThat(seen.learn(10, block)).as("keys that are known already").isFalse();
    }

    private boolean first(long high, int low, int second) {
        return seen.first(high, SeenKeys.low((long) low << 32, second));
    }

    private void forget(long high, int low) {
        seen.forget(high, SeenKeys.low((long) low << 32, 0));
    }

    /** Keys that were loaded at the fifth second, in two blocks. */
    private static void blocks(SeenKeys seen, int told, int keys) {
        seen.begin(new byte[Sink.KeyBlocks.SECRET_BYTES], (long) told * Commit.Keys.KEY_BYTES);
        for (int half = 0; half < 2; half++) {
            KeyList list = new KeyList();
            for (int i = half * keys / 2; i < (half + 1) * keys / 2; i++) {
                list.add(scattered(i), SeenKeys.low((long) i << 32, 5));
            }
            take(seen, half + 1, half == 0 ? KeyList.block(List.of(list)) : KeyList.blockByStripe(List.of(list)));
        }
        seen.ready();
    }

    /** In two parts, among other bytes. */
    private static void take(SeenKeys seen, int number, byte[] block) {
        byte[] b = new byte[block.length + 9];
        System.arraycopy(block, 0, b, 4, block.length);
        int half = block.length / Commit.Keys.KEY_BYTES / 2 * Commit.Keys.KEY_BYTES;
        seen.block(number, b, 4, half);
        seen.block(number, b, 4 + half, block.length - half);
    }

    private static byte[] block(long high, int low, int second) {
        KeyList list = new KeyList();
        list.add(high, SeenKeys.low((long) low << 32, second));
        return KeyList.block(List.of(list));
    }

    private static long scattered(long i) {
        return i * 0x9E3779B97F4A7C15L;
    }
}
