package io.millrace.sql.exec;

import io.millrace.api.Type;

/** A conversion. With TRY_CAST what can't be converted becomes null. */
abstract class CastNode extends DecimalNode {
    private final boolean orNull;

    CastNode(Node operand, Type to, boolean orNull) {
        super(to, operand);
        this.orNull = orNull;
    }

    @Override
    final void tooLarge(Frame frame, int row) {
        if (orNull) {
            out.setNull(row);
        } else {
            fail(frame, row, TransformCode.OVERFLOW, "a value does not fit " + type.sql());
        }
    }

    final void malformed(Frame frame, int row) {
        if (orNull) {
            out.setNull(row);
        } else {
            fail(frame, row, TransformCode.INVALID_CAST, "a text is no " + type.sql());
        }
    }

    /** Whether the text could be read; else the row is dealt with. */
    final boolean accepted(Frame frame, int row, NumberParser.Outcome outcome) {
        switch (outcome) {
            case MALFORMED -> malformed(frame, row);
            case TOO_LARGE -> tooLarge(frame, row);
            case DONE -> {}
        }
        return outcome == NumberParser.Outcome.DONE;
    }
}
