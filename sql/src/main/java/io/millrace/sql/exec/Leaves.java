package io.millrace.sql.exec;

import io.millrace.api.RecordBatch;
import io.millrace.api.Type;
import io.millrace.api.Wide;
import io.millrace.sql.plan.Expr;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Operators without arguments. */
final class Leaves {

    private Leaves() {}

    /** A column of the batch, as it is. */
    static final class Input extends Node {
        private final int column;

        Input(int column, Type type) {
            super(type);
            this.column = column;
        }

        @Override
        Vec eval(Frame frame, Rows rows) {
            return frame.inputs[column];
        }
    }

    /** A constant. Its vector is filled when a batch is larger than any before and costs nothing afterwards. */
    static final class Constant extends Node {
        final @Nullable Object value;
        private final Vec vec;
        private int filled;

        Constant(Expr.Literal literal) {
            super(literal.type());
            this.value = literal.value();
            this.vec = new Vec(literal.type());
            this.vec.constant = true;
        }

        byte[] bytes() {
            return value == null ? new byte[0] : value.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        Vec eval(Frame frame, Rows rows) {
            if (filled < frame.rows) {
                fill(Math.max(frame.rows, 2 * filled));
            }
            return vec;
        }

        private void fill(int rows) {
            filled = rows;
            vec.reset(rows);
            if (value == null) {
                vec.setAllNull();
                return;
            }
            switch (value) {
                case Boolean b -> Arrays.fill(vec.longs, b ? 1 : 0);
                case Long l -> Arrays.fill(vec.longs, l);
                case Double d -> Arrays.fill(vec.doubles, d);
                case BigDecimal d -> {
                    Arrays.fill(vec.longs, Wide.low(d.unscaledValue()));
                    Arrays.fill(vec.high, Wide.high(d.unscaledValue()));
                }
                case String s -> {
                    vec.data = bytes();
                    Arrays.fill(vec.start, 0);
                    Arrays.fill(vec.length, vec.data.length);
                }
                default -> throw new IllegalArgumentException("a literal can't be a " + value.getClass());
            }
        }
    }

    /** Something about the record that is not in it. */
    static final class Surrounding extends Node {
        private final Expr.Surrounding.Kind kind;
        private final Vec out;

        Surrounding(Expr.Surrounding surrounding) {
            super(surrounding.type());
            this.kind = surrounding.kind();
            this.out = new Vec(type);
        }

        @Override
        Vec eval(Frame frame, Rows rows) {
            out.reset(frame.rows);
            switch (kind) {
                case RECEIVED_AT -> {
                    for (int i = 0; i < rows.count; i++) {
                        int row = rows.row(i);
                        long received = frame.surroundings.origin().receivedAtMicros(frame.record(row));
                        out.longs[row] =
                                received == RecordBatch.Origin.NOT_TOLD ? frame.surroundings.readAtMicros() : received;
                    }
                }
                case SOURCE -> {
                    out.data = frame.surroundings.split().getBytes(StandardCharsets.UTF_8);
                    Arrays.fill(out.start, 0, frame.rows, 0);
                    Arrays.fill(out.length, 0, frame.rows, out.data.length);
                }
                case OFFSET ->
                    texts(frame, rows, row -> frame.surroundings.origin().position(row));
                case CLIENT ->
                    texts(frame, rows, row -> frame.surroundings.origin().client(row));
            }
            return out;
        }

        private void texts(Frame frame, Rows rows, IntFunction<@Nullable String> ofRecord) {
            for (int i = 0; i < rows.count; i++) {
                int row = rows.row(i);
                String text = ofRecord.apply(frame.record(row));
                if (text == null) {
                    out.setNull(row);
                    continue;
                }
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                if (!out.append(row, bytes, 0, bytes.length)) {
                    frame.tooLong(row);
                    out.setNull(row);
                }
            }
        }
    }
}
