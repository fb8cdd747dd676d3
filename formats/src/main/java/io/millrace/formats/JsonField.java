package io.millrace.formats;

import io.millrace.api.Projection;

/** A projected field while records are read: its column, and where its value is in the record at hand. */
final class JsonField {

    /** What the record at hand has for the field. */
    enum Found {
        NOTHING,
        VALUE,
        /** Something that is neither an object nor null stands where an object on the way should be. */
        BLOCKED
    }

    final Projection.Field field;
    final Cells cells;
    final boolean nullable;
    final boolean lenient;

    /** The number of the record that set it last. */
    long stamp;

    Found found = Found.NOTHING;
    int at;
    int to;
    boolean escaped;

    JsonField(Projection.Field field, int rows) {
        this.field = field;
        this.cells = new Cells(field.type(), rows);
        this.nullable = field.nullable();
        this.lenient = field.lenient();
    }

    void locate(int from, int end, boolean withEscapes) {
        found = Found.VALUE;
        at = from;
        to = end;
        escaped = withEscapes;
    }
}
