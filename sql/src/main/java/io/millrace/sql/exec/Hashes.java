package io.millrace.sql.exec;

import io.millrace.api.Type;
import java.security.DigestException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Hashes of a text's bytes, written in lower-case hexadecimal. */
final class Hashes {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private Hashes() {}

    abstract static class Hex extends RowNode {
        Hex(Node... args) {
            super(Type.VARCHAR, args);
        }

        final void put(Frame frame, int r, byte[] hash) {
            int at = room(frame, r, 2L * hash.length);
            if (at >= 0) {
                int i = at;
                for (byte b : hash) {
                    out.data[i++] = HEX[b >> 4 & 15];
                    out.data[i++] = HEX[b & 15];
                }
                out.commit(r, at, i - at);
            }
        }
    }

    static final class Digest extends Hex {
        private final MessageDigest digest;
        private final byte[] hash;

        Digest(String algorithm, Node text) {
            super(text);
            try {
                digest = MessageDigest.getInstance(algorithm);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java lacks " + algorithm, e);
            }
            hash = new byte[digest.getDigestLength()];
        }

        @Override
        void row(Frame frame, int r) {
            digest.update(in[0].data, in[0].start[r], in[0].length[r]);
            try {
                digest.digest(hash, 0, hash.length);
            } catch (DigestException e) {
                throw new IllegalStateException("a hash has no room", e);
            }
            put(frame, r, hash);
        }
    }

    /** HMAC_SHA256(text, key). The key is nearly always the same, so it is set up anew only when it changes. */
    static final class Hmac extends Hex {
        private static final String ALGORITHM = "HmacSHA256";

        private final Mac mac;
        private byte[] key = {};
        private boolean ready;

        Hmac(Node text, Node key) {
            super(text, key);
            try {
                mac = Mac.getInstance(ALGORITHM);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java lacks " + ALGORITHM, e);
            }
        }

        @Override
        void row(Frame frame, int r) {
            int start = in[1].start[r];
            int end = start + in[1].length[r];
            if (!ready || !Arrays.equals(key, 0, key.length, in[1].data, start, end)) {
                key = Arrays.copyOfRange(in[1].data, start, end);
                try {
                    // Java wants a byte at least; a key is filled up with zeros, so one zero is as good as none.
                    mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, ALGORITHM));
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("this Java refuses a key for " + ALGORITHM, e);
                }
                ready = true;
            }
            mac.update(in[0].data, in[0].start[r], in[0].length[r]);
            put(frame, r, mac.doFinal());
        }
    }
}
