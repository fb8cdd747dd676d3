package io.millrace.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.macs.SipHash128;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

/** What SipHash is to give is told by Bouncy Castle. */
class KeyHashTest {

    @Test
    void itGivesWhatBouncyCastleGives() {
        Random random = new Random(11);
        for (int length = 0; length < 300; length++) {
            byte[] secret = new byte[16];
            random.nextBytes(secret);
            byte[] text = new byte[random.nextInt(5) + length];
            random.nextBytes(text);
            long number = random.nextLong();

            KeyHash ours = new KeyHash(secret);
            ours.begin();
            ours.take(number);
            ours.take(text, text.length - length, length);
            ours.end();

            SipHash128 theirs = new SipHash128(1, 3);
            theirs.init(new KeyParameter(secret));
            theirs.update(word(number), 0, 8);
            theirs.update(word(length), 0, 8);
            theirs.update(text, text.length - length, length);
            theirs.update(new byte[8], 0, -length & 7);
            byte[] expected = new byte[16];
            theirs.doFinal(expected, 0);
            assertThat(hex(ours)).isEqualTo(HexFormat.of().formatHex(expected));
        }
    }

    private static byte[] word(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    @Test
    void aSecretOfAnotherLengthIsRefused() {
        assertThatThrownBy(() -> new KeyHash(new byte[15])).hasMessageContaining("15 bytes");
    }

    private static String hex(KeyHash hash) {
        byte[] bytes = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(hash.first())
                .putLong(hash.second())
                .array();
        return HexFormat.of().formatHex(bytes);
    }
}
