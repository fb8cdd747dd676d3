package io.millrace.contract.infer;

import io.millrace.contract.NamedFormat;
import java.util.HashMap;
import java.util.Map;

/** What all places of records share: how many may still be looked at, which keeps the memory bounded. Not thread-safe. */
final class Room {

    /** Places in all. */
    static final int MAX_PLACES = 20_000;
    /** Names in one place; an object with more is taken for a map. */
    static final int MAX_NAMES = 2_000;
    /** A longer name is not kept. */
    static final int MAX_NAME_LENGTH = 200;
    /** What lies deeper is taken as it is. A schema nests twice as deep as its records, and has a limit to that. */
    static final int MAX_DEPTH = 64;

    private int left = MAX_PLACES;
    private final Map<String, NamedFormat> formats = new HashMap<>();

    /** A format, made once: that takes milliseconds. */
    NamedFormat format(String name) {
        return formats.computeIfAbsent(name, NamedFormat::new);
    }

    boolean take() {
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }
}
