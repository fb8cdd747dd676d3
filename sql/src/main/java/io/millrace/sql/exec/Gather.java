package io.millrace.sql.exec;

import io.millrace.api.Column;
import io.millrace.api.Type;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Picks rows out of vectors and columns into dense ones. Bytes of texts are shared, never copied. */
final class Gather {

    private Gather() {}

    /** {@code to} becomes rows {@code index[0 .. n]} of {@code from}, which must not be {@code to}. */
    static void rows(Vec from, int[] index, int n, Vec to) {
        to.reset(n);
        switch (from.kind) {
            case LONG -> pick(from.longs, index, n, to.longs);
            case WIDE -> {
                pick(from.longs, index, n, to.longs);
                pick(from.high, index, n, to.high);
            }
            case DOUBLE -> {
                double[] a = from.doubles;
                double[] o = to.doubles;
                for (int i = 0; i < n; i++) {
                    o[i] = a[index[i]];
                }
            }
            case TEXT, ARRAY -> {
                int[] start = from.start;
                int[] length = from.length;
                for (int i = 0; i < n; i++) {
                    to.start[i] = start[index[i]];
                    to.length[i] = length[index[i]];
                }
                to.data = from.data;
                to.elements = from.elements;
            }
        }
        boolean[] nulls = from.nulls;
        if (nulls != null) {
            for (int i = 0; i < n; i++) {
                if (nulls[index[i]]) {
                    to.setNull(i);
                }
            }
        }
    }

    private static void pick(long[] from, int[] index, int n, long[] to) {
        for (int i = 0; i < n; i++) {
            to[i] = from[index[i]];
        }
    }

    /** The rows of an array vector as a column whose elements lie one after the other. */
    static Column array(Vec vec, int size) {
        int[] offsets = new int[size + 1];
        for (int i = 0; i < size; i++) {
            offsets[i + 1] = offsets[i] + (vec.isNull(i) ? 0 : vec.length[i]);
        }
        int[] index = new int[offsets[size]];
        for (int i = 0; i < size; i++) {
            for (int k = offsets[i]; k < offsets[i + 1]; k++) {
                index[k] = vec.start[i] + k - offsets[i];
            }
        }
        Type element = ((Type.Array) vec.type).element();
        Vec picked = new Vec(element);
        Column elements = vec.elements;
        if (elements == null) {
            picked.reset(0);
        } else {
            Vec shown = new Vec(element);
            shown.show(elements);
            rows(shown, index, index.length, picked);
        }
        return new Column.Arrays(vec.type, size, offsets, picked.column(index.length), vec.nulls);
    }

    /** One column after another of the same type. Seldom needed, so it allocates. */
    static Column concat(Column a, Column b) {
        int n = a.size() + b.size();
        boolean[] nulls = null;
        if (a.nulls() != null || b.nulls() != null) {
            nulls = new boolean[n];
            for (int i = 0; i < n; i++) {
                nulls[i] = i < a.size() ? a.isNull(i) : b.isNull(i - a.size());
            }
        }
        return switch (a) {
            case Column.Longs x ->
                new Column.Longs(x.type(), n, join(x.values(), x.size(), ((Column.Longs) b).values(), b.size()), nulls);
            case Column.Wides x -> {
                Column.Wides y = (Column.Wides) b;
                yield new Column.Wides(
                        x.type(),
                        n,
                        join(x.high(), x.size(), y.high(), y.size()),
                        join(x.low(), x.size(), y.low(), y.size()),
                        nulls);
            }
            case Column.Doubles x -> {
                double[] values = Arrays.copyOf(x.values(), n);
                System.arraycopy(((Column.Doubles) b).values(), 0, values, x.size(), b.size());
                yield new Column.Doubles(n, values, nulls);
            }
            case Column.Texts x -> joinTexts(x, (Column.Texts) b, nulls);
            case Column.Arrays x -> {
                Column.Arrays y = (Column.Arrays) b;
                int[] offsets = Arrays.copyOf(x.offsets(), n + 1);
                int shift = x.elements().size();
                for (int i = 0; i <= y.size(); i++) {
                    offsets[x.size() + i] = shift + y.offsets()[i];
                }
                yield new Column.Arrays(x.type(), n, offsets, concat(x.elements(), y.elements()), nulls);
            }
        };
    }

    private static Column joinTexts(Column.Texts x, Column.Texts y, boolean @Nullable [] nulls) {
        byte[] data = Arrays.copyOf(x.data(), x.data().length + y.data().length);
        System.arraycopy(y.data(), 0, data, x.data().length, y.data().length);
        int n = x.size() + y.size();
        int[] start = Arrays.copyOf(x.start(), n);
        int[] length = Arrays.copyOf(x.length(), n);
        for (int i = 0; i < y.size(); i++) {
            start[x.size() + i] = x.data().length + y.start()[i];
            length[x.size() + i] = y.length()[i];
        }
        return new Column.Texts(x.type(), n, data, start, length, nulls);
    }

    private static long[] join(long[] a, int an, long[] b, int bn) {
        long[] all = Arrays.copyOf(a, an + bn);
        System.arraycopy(b, 0, all, an, bn);
        return all;
    }
}
