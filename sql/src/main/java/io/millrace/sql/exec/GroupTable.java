package io.millrace.sql.exec;

import io.millrace.api.Batch;
import io.millrace.api.Column;
import java.util.Arrays;

/**
 * A hash table from keys to groups, made for millions of them. A group is a stretch of words in one array, so that its
 * key and its aggregates mostly share a cache line:
 *
 * <pre>
 * cells:  | words of the key | where long texts of the key are | words of the aggregates |  next group ...
 * slots:  hash (upper 32 bits), group + 1 (lower 32 bits); 0 where free
 * </pre>
 *
 * <p>A batch is looked up in passes: words and hashes of all keys; then the first slot and the key of each, in a loop
 * without branches whose cache misses overlap; then, one by one, what was not found there. The upper bits of a hash
 * choose the slot, so a larger table is filled from a smaller one in order and without a look at the keys.
 */
final class GroupTable {
    private static final int LEAST_SLOTS = 1 << 10;
    /** How many slots after the first are looked at for all keys together. */
    private static final int NEAR = 3;

    private static final long SECOND_SEED = 0xa0761d6478bd642fL;

    private final KeyColumn[] keys;
    private final int[] refs;
    private final boolean hasMask;
    private final int keyWords;
    private final int stride;
    private final long[] fresh;
    private final long seed;
    private final TextHeap heap = new TextHeap();

    private long[] slots = new long[LEAST_SLOTS];
    private int shift = 32 - 10;
    private long[] cells;
    private int groups;

    private final long[][] words;
    private int[] hashes = {};
    private int[] at = {};
    private long[] slotOf = {};
    private int[] missed = {};
    private boolean[] doubtful = {};

    /**
     * @param keys whose words follow each other from 1 on, since word 0 tells which keys are null; from 0 on where all
     *     keys are texts, which have a word for null
     * @param fresh the aggregates' words of a new group
     */
    GroupTable(KeyColumn[] keys, boolean hasMask, long[] fresh, long seed) {
        this.keys = keys;
        this.hasMask = hasMask;
        int count = hasMask ? 1 : 0;
        this.refs = new int[keys.length];
        for (KeyColumn key : keys) {
            count += key.words();
        }
        this.keyWords = count;
        for (int i = 0; i < keys.length; i++) {
            refs[i] = count;
            count += keys[i].kind == Vec.Kind.TEXT ? 1 : 0;
        }
        this.stride = count + fresh.length;
        this.fresh = fresh;
        this.seed = seed;
        this.words = new long[keyWords][0];
        this.cells = new long[Math.max(1, stride) * 256];
    }

    /** Where the aggregates' words begin in a group. */
    int stateWord() {
        return stride - fresh.length;
    }

    /** The words of all groups; replaced when they grow. */
    long[] cells() {
        return cells;
    }

    int stride() {
        return stride;
    }

    int groups() {
        return groups;
    }

    /** Bytes that the groups take. */
    long bytes() {
        return groups == 0 ? 0 : (long) groups * stride * Long.BYTES + (long) slots.length * Long.BYTES + heap.used();
    }

    /** For each row of the batch the index in {@link #cells} at which its group begins. Groups that are not there yet are added. */
    int[] find(Batch batch) {
        int n = batch.rows();
        if (at.length < n) {
            at = new int[n];
            hashes = new int[n];
            slotOf = new long[n];
            missed = new int[n + 1];
            doubtful = new boolean[n];
            for (int i = 0; i < keyWords; i++) {
                words[i] = new long[n];
            }
        }
        boolean longTexts = encode(batch, n);
        hash(n);
        int misses = keyWords == 2 ? probePairs(n) : probe(n);
        if (longTexts) {
            misses = verify(batch, n, misses);
        }
        for (int i = 0; i < misses; i++) {
            at[missed[i]] = findOne(batch, missed[i]);
        }
        return at;
    }

    private boolean encode(Batch batch, int n) {
        boolean longTexts = false;
        if (hasMask) {
            Arrays.fill(words[0], 0, n, 0);
        }
        for (int k = 0; k < keys.length; k++) {
            KeyColumn key = keys[k];
            Column column = batch.column(key.column);
            longTexts |= key.encode(column, n, words, seed);
            boolean[] nulls = column.nulls();
            if (nulls != null && key.kind != Vec.Kind.TEXT) {
                for (int i = 0; i < n; i++) {
                    if (nulls[i]) {
                        words[0][i] |= 1L << k;
                        words[key.word][i] = 0;
                        words[key.word + key.words() - 1][i] = 0;
                    }
                }
            }
        }
        return longTexts;
    }

    private void hash(int n) {
        int[] to = hashes;
        if (keyWords == 2) {
            long[] first = words[0];
            long[] second = words[1];
            for (int i = 0; i < n; i++) {
                to[i] = (int) (KeyColumn.mix(first[i] ^ seed, second[i] ^ SECOND_SEED) >>> 32);
            }
            return;
        }
        Arrays.fill(to, 0, n, 0);
        for (int w = 0; w < keyWords; w++) {
            long[] word = words[w];
            for (int i = 0; i < n; i++) {
                // Multiplied by an odd number, so that no word can be cancelled by another's being zero.
                long h = KeyColumn.mix(word[i] ^ seed, (to[i] & 0xffffffffL) * 2 + SECOND_SEED);
                to[i] = (int) (h >>> 32);
            }
        }
    }

    /**
     * Looks at the first slots of each key and writes the rows that were not found there to {@link #missed}. An empty slot
     * can't pass for a hit: no group with that hash is further on. Loops do one thing each and have no branches, so that
     * the processor runs far ahead and many cache misses overlap.
     */
    private int probePairs(int n) {
        long[] table = slots;
        long[] candidates = slotOf;
        int[] h = hashes;
        int[] miss = missed;
        int down = shift;
        for (int i = 0; i < n; i++) {
            candidates[i] = table[h[i] >>> down];
        }
        long[] c = cells;
        long[] first = words[0];
        long[] second = words[1];
        int[] to = at;
        int step = stride;
        int m = 0;
        for (int i = 0; i < n; i++) {
            long slot = candidates[i];
            int cell = Math.max((int) slot - 1, 0) * step;
            long difference = ((slot >>> 32) ^ (h[i] & 0xffffffffL)) | (c[cell] ^ first[i]) | (c[cell + 1] ^ second[i]);
            to[i] = cell;
            miss[m] = i;
            m += (int) ((difference | -difference) >>> 63);
        }
        int mask = table.length - 1;
        for (int distance = 1; distance <= NEAR && m > 0; distance++) {
            int left = 0;
            for (int k = 0; k < m; k++) {
                int i = miss[k];
                long slot = table[(h[i] >>> down) + distance & mask];
                int cell = Math.max((int) slot - 1, 0) * step;
                long difference =
                        ((slot >>> 32) ^ (h[i] & 0xffffffffL)) | (c[cell] ^ first[i]) | (c[cell + 1] ^ second[i]);
                to[i] = cell;
                miss[left] = i;
                left += (int) ((difference | -difference) >>> 63);
            }
            m = left;
        }
        return m;
    }

    private int probe(int n) {
        int m = 0;
        for (int i = 0; i < n; i++) {
            long slot = slots[hashes[i] >>> shift];
            int cell = Math.max((int) slot - 1, 0) * stride;
            at[i] = cell;
            missed[m] = i;
            m += (int) (slot >>> 32) == hashes[i] && (int) slot != 0 && sameWords(cell, i) ? 0 : 1;
        }
        return m;
    }

    private boolean sameWords(int cell, int row) {
        for (int w = 0; w < keyWords; w++) {
            if (cells[cell + w] != words[w][row]) {
                return false;
            }
        }
        return true;
    }

    /** Takes the rows out of the hits whose long texts are not those of their group. */
    private int verify(Batch batch, int n, int misses) {
        Arrays.fill(doubtful, 0, n, false);
        for (int i = 0; i < misses; i++) {
            doubtful[missed[i]] = true;
        }
        for (int k = 0; k < keys.length; k++) {
            if (keys[k].kind == Vec.Kind.TEXT) {
                Column.Texts texts = (Column.Texts) batch.column(keys[k].column);
                heap.compareAll(cells, at, refs[k], words[keys[k].word + 1], texts, n, doubtful);
            }
        }
        int m = 0;
        for (int i = 0; i < n; i++) {
            missed[m] = i;
            m += doubtful[i] ? 1 : 0;
        }
        return m;
    }

    private boolean sameTexts(Batch batch, int cell, int row) {
        for (int k = 0; k < keys.length; k++) {
            if (keys[k].kind == Vec.Kind.TEXT && KeyColumn.isLongText(words[keys[k].word + 1][row])) {
                Column.Texts texts = (Column.Texts) batch.column(keys[k].column);
                if (!heap.equals((int) cells[cell + refs[k]], texts.data(), texts.start()[row], texts.length()[row])) {
                    return false;
                }
            }
        }
        return true;
    }

    private int findOne(Batch batch, int row) {
        int h = hashes[row];
        int mask = slots.length - 1;
        int i = h >>> shift;
        while (true) {
            long slot = slots[i];
            if (slot == 0) {
                break;
            }
            if ((int) (slot >>> 32) == h) {
                int cell = ((int) slot - 1) * stride;
                if (sameWords(cell, row) && sameTexts(batch, cell, row)) {
                    return cell;
                }
            }
            i = i + 1 & mask;
        }
        slots[i] = (long) h << 32 | groups + 1;
        int cell = append(batch, row);
        if (groups * 2L > slots.length) {
            grow();
        }
        return cell;
    }

    private int append(Batch batch, int row) {
        long needed = (groups + 1L) * stride;
        if (needed > cells.length) {
            cells = Arrays.copyOf(cells, Math.toIntExact(Math.max(needed, Math.min(2L * cells.length, 1 << 30))));
        }
        int cell = groups * stride;
        for (int w = 0; w < keyWords; w++) {
            cells[cell + w] = words[w][row];
        }
        for (int k = 0; k < keys.length; k++) {
            if (keys[k].kind == Vec.Kind.TEXT) {
                Column.Texts texts = (Column.Texts) batch.column(keys[k].column);
                cells[cell + refs[k]] = KeyColumn.isLongText(words[keys[k].word + 1][row])
                        ? heap.add(texts.data(), texts.start()[row], texts.length()[row])
                        : 0;
            }
        }
        System.arraycopy(fresh, 0, cells, cell + stateWord(), fresh.length);
        groups++;
        return cell;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[2 * old.length];
        shift--;
        int mask = slots.length - 1;
        for (long slot : old) {
            if (slot != 0) {
                int i = (int) (slot >>> 32) >>> shift;
                while (slots[i] != 0) {
                    i = i + 1 & mask;
                }
                slots[i] = slot;
            }
        }
    }

    /** Writes one column of the key of groups {@code from .. from + n} to a vector. */
    void key(int key, int from, int n, Vec out) {
        out.reset(n);
        for (int i = 0; i < n; i++) {
            keyAt(key, (from + i) * stride, i, out);
        }
    }

    /** Writes one column of the key of the group at {@code cell} to a row of a vector. */
    void keyAt(int key, int cell, int row, Vec out) {
        KeyColumn column = keys[key];
        if (column.kind != Vec.Kind.TEXT && (cells[cell] >>> key & 1) != 0) {
            out.setNull(row);
            return;
        }
        long first = cells[cell + column.word];
        switch (column.kind) {
            case LONG -> out.longs[row] = first;
            case DOUBLE -> out.doubles[row] = Double.longBitsToDouble(first);
            case WIDE -> {
                out.high[row] = first;
                out.longs[row] = cells[cell + column.word + 1];
            }
            case TEXT -> {
                long second = cells[cell + column.word + 1];
                if (KeyColumn.isNullText(second)) {
                    out.setNull(row);
                } else if (KeyColumn.isLongText(second)) {
                    heap.copyTo(out, row, (int) cells[cell + refs[key]]);
                } else {
                    int to = out.reserve(16);
                    if (to < 0) {
                        throw new IllegalStateException("no room for keys");
                    }
                    Bytes.putLong8(out.data, to, first);
                    Bytes.putLong8(out.data, to + 8, second);
                    out.commit(row, to, KeyColumn.inlineLength(second));
                }
            }
            case ARRAY -> throw new IllegalStateException("arrays can't be grouped by");
        }
    }

    /** Forgets all groups. Memory stays for as many again, unless it was far more than they needed. */
    void clear() {
        if (slots.length > LEAST_SLOTS && groups < slots.length / 16) {
            slots = new long[slots.length / 2];
            shift++;
            cells = new long[Math.max(cells.length / 2, Math.max(1, stride) * 256)];
        } else {
            Arrays.fill(slots, 0);
        }
        heap.clear();
        groups = 0;
    }
}
