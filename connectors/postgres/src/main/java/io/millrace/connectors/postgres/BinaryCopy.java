package io.millrace.connectors.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** {@code COPY ... (FORMAT binary)}: what stands before and after its rows, and how they are sent. */
final class BinaryCopy {

    /** Signature, flags, length of the header's extension. */
    static final byte[] HEADER = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };

    /** What a row of nothing has in the place of the number of its fields: there are no more. */
    static final int END = -1;

    /** A row of {@value #END} fields. */
    private static final byte[] TRAILER = {(byte) 0xff, (byte) 0xff};

    private BinaryCopy() {}

    /** Rows in their binary form. */
    interface Rows {
        void writeTo(CopyIn copy) throws SQLException;
    }

    /** @param sql a {@code COPY ... FROM STDIN (FORMAT binary)}; it is taken back where the rows fail */
    static void send(Connection connection, String sql, Rows rows) throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            copy.writeToCopy(HEADER, 0, HEADER.length);
            rows.writeTo(copy);
            copy.writeToCopy(TRAILER, 0, TRAILER.length);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }
}
