package io.millrace.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KnownBytesTest {

    private static final int LONGEST = 40;

    private final Random random = new Random(1);

    @Test
    void areFoundWhereTheyStandAndOneOtherByteIsEnoughNotToFindThem() {
        for (int length = 1; length <= LONGEST; length++) {
            byte[] around = new byte[length + 24];
            random.nextBytes(around);
            KnownBytes known = new KnownBytes(Arrays.copyOfRange(around, 8, 8 + length));
            assertThat(known.length()).isEqualTo(length);
            assertThat(known.at(around, 8)).as("%s bytes", length).isTrue();
            for (int i = 0; i < around.length; i++) {
                around[i] ^= 1;
                assertThat(known.at(around, 8))
                        .as("%s bytes, byte %s", length, i - 8)
                        .isEqualTo(i < 8 || i >= 8 + length);
                around[i] ^= 1;
            }
        }
    }

    @Test
    void atTheEndOfAnArrayOnlyThoseOfFewerThanEightAreNotFound() {
        for (int length = 1; length <= LONGEST; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            assertThat(new KnownBytes(bytes).at(bytes, 0))
                    .as("%s bytes", length)
                    .isEqualTo(length >= 8);
            assertThat(new KnownBytes(bytes).at(Arrays.copyOf(bytes, length - 1), 0))
                    .isFalse();
        }
    }
}
