package io.millrace.cli;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Names of runs in the ledger: they sort by time, and two of one second differ. */
final class RunIds {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private RunIds() {}

    static String next(InstantSource clock) {
        byte[] tail = new byte[3];
        RandomGenerator.getDefault().nextBytes(tail);
        return TIME.format(clock.instant()) + "-" + HexFormat.of().formatHex(tail);
    }

    /** @param what it does that is no run, such as {@code replay} */
    static String next(String what, InstantSource clock) {
        return next(clock) + "-" + what;
    }
}
