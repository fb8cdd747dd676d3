package io.millrace.contract;

import com.networknt.schema.regex.RegularExpression;
import io.millrace.formats.KnownBytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a value has to be, of what {@link FastChecker} understands: a schema of common keywords, compiled. Filled by
 * {@link FastCompiler}; afterwards only what records have taught it changes. For one thread at a time, but for those shapes
 * that have no names.
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

    /** The least and the greatest whole number that are between those bounds. */
    long least = Long.MIN_VALUE;

    long most = Long.MAX_VALUE;

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
    /** Those of {@link #strings} that have the same form in every text but for escapes, with their quotes. */
    KnownBytes[] quotedStrings = {};

    Decimal[] numbers = {};
    boolean nullListed;
    boolean falseListed;
    boolean trueListed;

    private byte[][] names = {};
    /** The names with their quotes, beside {@link #names}; null for one that can't be written without escapes. */
    private @Nullable KnownBytes[] quotedNames = {};

    private FastShape[] shapes = {};
    /** The bit of a required name, 0 for others; beside {@link #names}. */
    private long[] bits = {};
    /** Which name came after each the last time, beside {@link #names} but one later: the first is for the beginning. */
    private int[] following = {0};

    /** Indexes of names plus one by the hash of the name, in chains of open addressing; always with a gap. */
    private int[] table = new int[2];

    /** What fields that are not named have to be; null for anything. */
    @Nullable
    FastShape additional;

    /** The bits of all names that are required. */
    long required;

    /** Adds a name that is looked for, with a bit of its own where it is required. */
    void name(byte[] name, FastShape shape, long bit) {
        int at = names.length;
        names = Arrays.copyOf(names, at + 1);
        quotedNames = Arrays.copyOf(quotedNames, at + 1);
        shapes = Arrays.copyOf(shapes, at + 1);
        bits = Arrays.copyOf(bits, at + 1);
        names[at] = name;
        quotedNames[at] = quoted(name);
        shapes[at] = shape;
        bits[at] = bit;
        following = Arrays.copyOf(following, at + 2);
        following[at + 1] = at + 1;
        required |= bit;
        if (names.length * 2 > table.length) {
            table = new int[table.length * 2];
            for (int i = 0; i < at; i++) {
                enter(i);
            }
        }
        enter(at);
    }

    /** A string as JSON has it; null where it needs escapes. */
    static @Nullable KnownBytes quoted(byte[] string) {
        byte[] quoted = new byte[string.length + 2];
        quoted[0] = '"';
        for (int i = 0; i < string.length; i++) {
            byte c = string[i];
            if (c == '"' || c == '\\' || (c >= 0 && c < 0x20)) {
                return null;
            }
            quoted[i + 1] = c;
        }
        quoted[quoted.length - 1] = '"';
        return new KnownBytes(quoted);
    }

    private void enter(int index) {
        int slot = hash(names[index], 0, names[index].length) & (table.length - 1);
        while (table[slot] != 0) {
            slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = index + 1;
    }

    /**
     * The place after the name of an index, if that is what stands at {@code p}, quotes and all.
     *
     * @return -1 where it is another, or it takes more than a look to tell
     */
    int afterName(byte[] b, int p, int end, int index) {
        KnownBytes name = index < quotedNames.length ? quotedNames[index] : null;
        return name != null && p + name.length() <= end && name.at(b, p) ? p + name.length() : -1;
    }

    /**
     * The index of the name that is to be expected after another: producers write their fields in the same order always.
     *
     * @param index of the other, -1 at the beginning
     */
    int following(int index) {
        return following[index + 1];
    }

    /** Learns which name comes after another. */
    void follows(int index, int other) {
        following[index + 1] = other;
    }

    /** The index of a name, or -1. */
    int index(byte[] b, int from, int to) {
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
