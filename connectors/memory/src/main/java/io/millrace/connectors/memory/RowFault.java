package io.millrace.connectors.memory;

import io.millrace.api.Commit;

/** A row can't be brought in because of what the table is, or holds by then. Nothing was changed. */
final class RowFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;
    private final String column;

    /** @param message for the one who runs the pipeline, without values of the row */
    RowFault(Refusal refusal, String column, String message) {
        super(message, null, false, false);
        this.refusal = refusal;
        this.column = column;
    }

    /** The fault as that of one record. */
    Commit.Refused of(int record) {
        return new Commit.Refused(record, refusal.code(), column, refusal.message(column));
    }
}
