package io.millrace.contract;

import com.networknt.schema.regex.RegularExpression;
import io.millrace.formats.KnownBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a value has to be, of what {@link FastChecker} understands: a schema of common keywords, compiled. Filled by
 * {@link FastCompiler}; afterwards only what records have taught it changes. For one thread at a time, but for those shapes
 * that have no fields.
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
    /** The same with quotes, escapes and all. */
    KnownBytes[] quotedStrings = {};

    Decimal[] numbers = {};
    boolean nullListed;
    boolean falseListed;
    boolean trueListed;

    /** A field that is looked for. */
    static final class Field {
        private final byte[] name;
        /** The name with its quotes and the colon, as most producers write it. */
        final KnownBytes key;

        final FastShape shape;
        /** A bit of its own where the field is required, else 0. */
        final long bit;
        /** The field that came after it the last time: producers write their fields in the same order always. */
        @Nullable
        Field next;

        private Field(byte[] name, KnownBytes key, FastShape shape, long bit) {
            this.name = name;
            this.key = key;
            this.shape = shape;
            this.bit = bit;
        }
    }

    /** Stands before the first field of an object: what comes after it is that one. */
    final Field start = new Field(new byte[0], new KnownBytes(new byte[0]), this, 0);

    private Field[] fields = {};
    /** Indexes of fields plus one by the hash of the name, in chains of open addressing; always with a gap. */
    private int[] table = new int[2];

    /** What fields that are not named have to be; null for anything. */
    @Nullable
    FastShape additional;

    /** The bits of all names that are required. */
    long required;

    /**
     * Adds a field that is looked for, and expects it after the one before.
     *
     * @param name as it is without quotes and escapes
     * @param quoted the same with quotes, escapes and all
     */
    void field(byte[] name, String quoted, FastShape shape, long bit) {
        Field field = new Field(name, new KnownBytes((quoted + ":").getBytes(StandardCharsets.UTF_8)), shape, bit);
        int at = fields.length;
        (at == 0 ? start : fields[at - 1]).next = field;
        fields = Arrays.copyOf(fields, at + 1);
        fields[at] = field;
        required |= bit;
        if (fields.length * 2 > table.length) {
            table = new int[table.length * 2];
            for (int i = 0; i < at; i++) {
                enter(i);
            }
        }
        enter(at);
    }

    private void enter(int index) {
        byte[] name = fields[index].name;
        int slot = hash(name, 0, name.length) & (table.length - 1);
        while (table[slot] != 0) {
            slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = index + 1;
    }

    /** The field of a name {@code b[from..to)}, which has no escapes; null where it is not looked for. */
    @Nullable
    Field field(byte[] b, int from, int to) {
        int slot = hash(b, from, to) & (table.length - 1);
        for (int entry = table[slot]; entry != 0; entry = table[slot]) {
            Field field = fields[entry - 1];
            if (Arrays.equals(b, from, to, field.name, 0, field.name.length)) {
                return field;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        return null;
    }

    private static int hash(byte[] b, int from, int to) {
        int length = to - from;
        return length == 0 ? 0 : length * 31 + b[from] * 17 + b[to - 1] * 7 + b[from + length / 2];
    }
}
