package io.millrace.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

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

class SeenKeysTest {

    private static final int WITHIN = 100;

    private final SeenKeys seen = new SeenKeys(Duration.ofSeconds(WITHIN));

    @Test
    void aKeyIsARepeatWithinTheTimeAndToTheSecond() {
        assertThat(seen.first(1, 2, 1000)).isTrue();
        assertThat(seen.first(1, 2, 1000)).isFalse();
        assertThat(seen.first(1, 2, 1000 + WITHIN - 1)).isFalse();
        assertThat(seen.first(1, 2, 1000 + WITHIN)).isTrue();
        assertThat(seen.first(1, 2, 1000 + 2 * WITHIN - 1)).isFalse();
        assertThat(seen.first(1, 2, 1000)).as("a late one").isFalse();
        assertThat(seen.first(1, 3, 1000)).as("another key").isTrue();
        assertThat(seen.first(2, 2, 1000)).as("another key").isTrue();
    }

    @Test
    void aKeyThatIsForgottenIsNewAgain() {
        seen.first(1, 0, 5);
        seen.forget(1, 0);
        assertThat(seen.first(1, 0, 5)).isTrue();
        assertThat(seen.first(1, 0, 5)).isFalse();
        seen.forget(7, 7);
        assertThat(seen.first(7, 7, 5)).isTrue();
    }

    @Test
    void itAgreesWithAMapWhateverComes() {
        Random random = new Random(7);
        Map<List<Long>, Integer> model = new HashMap<>();
        int second = 0;
        for (int i = 0; i < 300_000; i++) {
            second += random.nextInt(100) == 0 ? 1 : 0;
            long high = (long) random.nextInt(64) << 58 | random.nextInt(40);
            long low = random.nextInt(40);
            // Within the table a low half of 0 stands for 1.
            List<Long> key = List.of(high, Math.max(1, low));
            Integer before = model.get(key);
            boolean first = before == null || second - before >= WITHIN;
            if (first) {
                model.put(key, second);
            }
            assertThat(seen.first(high, low, second)).isEqualTo(first);
        }
    }

    @Test
    void whatIsPastMakesRoom() {
        for (int i = 0; i < 2_000_000; i++) {
            seen.first((long) i << 58, i + 1L, i / 100);
        }
        assertThat(seen.places())
                .as("of keys of which only the last 20,000 count")
                .isLessThan(200_000);
        assertThat(seen.first(1_999_999L << 58, 2_000_000L, 20_000)).isFalse();
    }

    @Test
    void ofManyThreadsWithTheSameKeysOneIsFirst() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> firsts = IntStream.range(0, 4)
                    .mapToObj(thread -> threads.submit(() -> {
                        int first = 0;
                        for (int i = 0; i < 100_000; i++) {
                            first += seen.first((long) i << 58, i + 1L, 5) ? 1 : 0;
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

    @Test
    void aBlockTellsAllKeysToAnother() {
        KeyList list = new KeyList();
        for (int i = 0; i < 1000; i++) {
            list.add(scattered(i), -i, 50 + i % 7);
        }
        byte[] block = KeyList.block(List.of(list));
        assertThat(seen.learn(9, block)).isTrue();
        assertThat(seen.known()).isEqualTo(9);
        assertThat(seen.first(scattered(5), -5, 56)).isFalse();
        assertThat(seen.learn(10, block)).as("keys that are known already").isFalse();
    }

    private static long scattered(long i) {
        return i * 0x9E3779B97F4A7C15L;
    }
}
