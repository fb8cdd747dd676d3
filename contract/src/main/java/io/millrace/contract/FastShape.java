package io.millrace.contract;

import com.networknt.schema.regex.RegularExpression;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a value has to be, of what {@link FastChecker} understands: a schema of common keywords, compiled. Filled by
 * {@link FastCompiler} and not changed afterwards; thread-safe from then on.
 */
final class FastShape {

    static final int NULL = 1;
    static final int BOOLEAN = 1 << 1;
    static final int INTEGER = 1 << 2;
    /** Numbers that are no integers. */
    static final int FRACTION = 1 << 3;

    static final int STRING = 1 << 4;
    static final int OBJECT = 1 << 5;
    static final int ARRAY = 1 << 6;
    static final int EVERY_TYPE = (1 << 7) - 1;

    static final FastShape ANY = new FastShape();
    static final FastShape NEVER = new FastShape();

    static {
        NEVER.types = 0;
    }

    int types = EVERY_TYPE;

    /** An exact decimal: {@code unscaled} times ten to {@code -scale}, both small enough to compare without overflow. */
    record Decimal(long unscaled, int scale) {}

    @Nullable
    Decimal minimum;

    @Nullable
    Decimal maximum;

    boolean minimumExclusive;
    boolean maximumExclusive;

    int minLength;
    int maxLength = Integer.MAX_VALUE;
    /** What a string has to be of; null for anything. */
    @Nullable
    FastFormat format;

    /** What has to be found in a string; null for nothing. */
    @Nullable
    RegularExpression pattern;

    /** What a number has to be a multiple of; null for nothing. */
    @Nullable
    Decimal step;

    int minItems;
    int maxItems = Integer.MAX_VALUE;
    /** What entries have to be; null for anything. */
    @Nullable
    FastShape items;

    /** Whether the value must be one of those below, or {@code null}, {@code false}, {@code true} as the bits say. */
    boolean listed;

    byte[][] strings = {};
    Decimal[] numbers = {};
    boolean nullListed;
    boolean falseListed;
    boolean trueListed;

    private byte[][] names = {};
    private FastShape[] shapes = {};
    /** The bit of a required name, 0 for others; beside {@link #names}. */
    private long[] bits = {};
    /** Indexes of names plus one by the hash of the name, in chains of open addressing; always with a gap. */
    private int[] table = new int[2];

    /** What fields that are not named have to be; null for anything. */
    @Nullable
    FastShape additional;

    /** The bits of all names that are required. */
    long required;

    /** Adds a name that is looked for, with a bit of its own where it is required. */
    void name(String name, FastShape shape, long bit) {
        int at = names.length;
        names = Arrays.copyOf(names, at + 1);
        shapes = Arrays.copyOf(shapes, at + 1);
        bits = Arrays.copyOf(bits, at + 1);
        names[at] = name.getBytes(StandardCharsets.UTF_8);
        shapes[at] = shape;
        bits[at] = bit;
        required |= bit;
        if (names.length * 2 > table.length) {
            table = new int[table.length * 2];
            for (int i = 0; i < at; i++) {
                enter(i);
            }
        }
        enter(at);
    }

    private void enter(int index) {
        int slot = hash(names[index], 0, names[index].length) & (table.length - 1);
        while (table[slot] != 0) {
            slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = index + 1;
    }

    /**
     * The index of a name, or -1.
     *
     * @param guess the index that it has where the record has its fields in the order of the schema
     */
    int index(byte[] b, int from, int to, int guess) {
        if (guess < names.length && Arrays.equals(b, from, to, names[guess], 0, names[guess].length)) {
            return guess;
        }
        int slot = hash(b, from, to) & (table.length - 1);
        for (int entry = table[slot]; entry != 0; entry = table[slot]) {
            byte[] name = names[entry - 1];
            if (Arrays.equals(b, from, to, name, 0, name.length)) {
                return entry - 1;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        return -1;
    }

    FastShape shape(int index) {
        return shapes[index];
    }

    long bit(int index) {
        return bits[index];
    }

    private static int hash(byte[] b, int from, int to) {
        int length = to - from;
        return length == 0 ? 0 : length * 31 + b[from] * 17 + b[to - 1] * 7 + b[from + length / 2];
    }
}
