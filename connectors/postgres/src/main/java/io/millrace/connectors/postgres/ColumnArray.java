package io.millrace.connectors.postgres;

import io.millrace.api.TableShape;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/**
 * All values of a column, as one parameter of a statement: the fields of encoded rows, put one behind the other, are the
 * elements of an array in its binary form (array_recv). Not thread-safe.
 */
final class ColumnArray extends PGobject implements PGBinaryObject {

    private static final long serialVersionUID = 1L;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** Dimensions, whether nulls occur, type of the elements, number of them, lower bound. */
    private static final int HEADER_BYTES = 5 * Integer.BYTES;

    private static final int USUAL_FIELD_BYTES = 16;

    private byte[] bytes;
    private int length = HEADER_BYTES;
    private boolean nulls;

    private ColumnArray(String type, int rows) {
        setType(type);
        bytes = new byte[HEADER_BYTES + rows * USUAL_FIELD_BYTES];
    }

    /**
     * One for each column.
     *
     * @param shape has no column that is an array itself
     * @param rows how many are staged, 1 at least
     */
    static List<ColumnArray> of(TableShape shape, List<CopyStaging> staged, int rows) {
        List<ColumnArray> columns = new ArrayList<>();
        for (TableShape.Col column : shape.columns()) {
            columns.add(new ColumnArray(ColumnTypes.arrayOf(column.type()), rows));
        }
        for (CopyStaging staging : staged) {
            staging.eachBlock((block, used) -> addRows(columns, block, used));
        }
        for (int i = 0; i < columns.size(); i++) {
            columns.get(i).end(ColumnTypes.oid(shape.columns().get(i).type()), rows);
        }
        return columns;
    }

    private static void addRows(List<ColumnArray> columns, byte[] block, int used) {
        int at = 0;
        while (at < used) {
            // The number of fields is that of the columns.
            at += Short.BYTES;
            for (int i = 0; i < columns.size(); i++) {
                int size = (int) INT.get(block, at);
                int field = Integer.BYTES + Math.max(size, 0);
                columns.get(i).add(block, at, field, size < 0);
                at += field;
            }
        }
    }

    private void add(byte[] from, int at, int size, boolean isNull) {
        if (bytes.length - length < size) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + size));
        }
        System.arraycopy(from, at, bytes, length, size);
        length += size;
        nulls |= isNull;
    }

    private void end(int elementType, int rows) {
        INT.set(bytes, 0, 1);
        INT.set(bytes, 4, nulls ? 1 : 0);
        INT.set(bytes, 8, elementType);
        INT.set(bytes, 12, rows);
        INT.set(bytes, 16, 1);
    }

    @Override
    public int lengthInBytes() {
        return length;
    }

    @Override
    public void toBytes(byte[] to, int offset) {
        System.arraycopy(bytes, 0, to, offset, length);
    }

    /** Arrays are sent and never read. */
    @Override
    public void setByteValue(byte[] value, int offset) {
        throw new UnsupportedOperationException("A column is only written");
    }

    @Override
    public boolean isNull() {
        return false;
    }

    /** The driver may show its parameters; what is in a row is nobody's business. */
    @Override
    public String toString() {
        return getType() + " of " + length + " bytes";
    }
}
