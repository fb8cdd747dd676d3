package io.millrace.api;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline keeps in a table of a destination, and how a row that arrives is brought together with the row that
 * is there.
 *
 * @param columns the columns to write, in the order of the batches
 * @param averages columns that the table derives from two others
 * @param mode how rows are brought in
 * @param version with {@link Mode#UPSERT}, the index of the column whose highest value wins; null where the later row
 *     wins
 * @param counting how the rows tell the number of records that took part in them; null where they don't
 */
public record TableShape(
        List<Col> columns,
        List<Average> averages,
        Mode mode,
        @Nullable Integer version,
        @Nullable Counting counting) implements Serializable {

    public TableShape {
        columns = List.copyOf(columns);
        averages = List.copyOf(averages);
    }

    /** A table whose rows don't tell the number of records. */
    public TableShape(List<Col> columns, List<Average> averages, Mode mode, @Nullable Integer version) {
        this(columns, averages, mode, version, null);
    }

    /** How the rows of a table tell how many records took part in them. */
    public sealed interface Counting extends Serializable {

        /**
         * They add up to the number.
         *
         * @param index the column, merged by {@link Merge#ADD}
         */
        record Column(int index) implements Counting {}

        /**
         * They are as many as the records.
         *
         * @param atMost whether there may be fewer, since a row may replace another
         */
        record Rows(boolean atMost) implements Counting {}
    }

    /** How rows are brought in. */
    public enum Mode {
        /** Every row is a new row. */
        APPEND,
        /** A row replaces the one with the same key. */
        UPSERT,
        /** Rows with the same key are merged column by column. */
        MERGE
    }

    /** How a column of an arriving row is merged into the row that is there. Nulls are ignored by all but KEY. */
    public enum Merge {
        /** Part of the key. */
        KEY,
        /** Just a value: APPEND and UPSERT write it as it is. */
        VALUE,
        ADD,
        MIN,
        MAX
    }

    /** One column of the table. */
    public record Col(String name, Type type, boolean nullable, Merge merge) implements Serializable {}

    /**
     * A column that is the quotient of two others, which are merged by ADD: an average stays right under merging only
     * as its sum and its count.
     *
     * @param name the derived column
     * @param type its type
     * @param sum index of the column that holds the sum
     * @param count index of the column that holds the count of values that are not null
     */
    public record Average(String name, Type type, int sum, int count) implements Serializable {}

    /** The same with columns after those that it has. */
    public TableShape and(List<Col> more) {
        return with(Stream.concat(columns.stream(), more.stream()).toList());
    }

    /** The same with other columns, of which the first are those that its indexes tell. */
    public TableShape with(List<Col> others) {
        return new TableShape(others, averages, mode, version, counting);
    }

    /** The batches that a writer of this shape takes. */
    public Schema schema() {
        return new Schema(columns.stream()
                .map(c -> new Schema.Field(c.name(), c.type(), c.nullable()))
                .toList());
    }

    /** Indexes of the key's columns. */
    public int[] key() {
        return java.util.stream.IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).merge() == Merge.KEY)
                .toArray();
    }
}
