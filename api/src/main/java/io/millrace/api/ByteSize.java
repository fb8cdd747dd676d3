package io.millrace.api;

import java.io.Serializable;

/**
 * An amount of memory or of storage as a file says it, such as {@code 64MiB}.
 *
 * @param bytes at least 0
 */
public record ByteSize(long bytes) implements Serializable {

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("A size of " + bytes + " bytes is negative");
        }
    }

    @Override
    public String toString() {
        for (int power = 3; power > 0; power--) {
            if (bytes > 0 && bytes % (1L << (10 * power)) == 0) {
                return (bytes >> (10 * power)) + " KMG".substring(power, power + 1) + "iB";
            }
        }
        return bytes + "B";
    }
}
