package io.millrace.sql.plan;

import io.millrace.api.Type;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scalar expression whose types have been worked out: every conversion is an explicit {@link Cast}. Immutable.
 *
 * <p>Evaluation is lazy where SQL users rely on it: a branch of {@link Case} is evaluated only for the rows that take
 * it, arguments of COALESCE only where those before are null, and AND and OR from left to right only where the result
 * is still open. An error of a branch that is not taken does not exist.
 */
public sealed interface Expr extends Serializable {

    Type type();

    /**
     * A constant.
     *
     * @param value null, {@link Boolean}, {@link Long} (INTEGER, BIGINT, DATE as days, TIMESTAMP and TIMESTAMP_TZ as
     *     microseconds), {@link java.math.BigDecimal} of exactly the type's scale, {@link Double}, or {@link String}
     *     (VARCHAR, JSON)
     */
    record Literal(Type type, @Nullable Object value) implements Expr {}

    /** A field of the input or an element of an unnest; see {@link Plan}. */
    record Input(int column, Type type) implements Expr {}

    /** Something known about the record that is not in it. */
    record Surrounding(Kind kind) implements Expr {
        public enum Kind {
            /** {@code _received_at}: when the record was received, or read where that is not known, TIMESTAMP_TZ. */
            RECEIVED_AT,
            /** {@code _source}: the split's id, VARCHAR. */
            SOURCE,
            /** {@code _offset}: the record's position in its split, VARCHAR. */
            OFFSET,
            /** {@code _client}: who sent the record, VARCHAR; null where nobody is known. */
            CLIENT
        }

        @Override
        public Type type() {
            return kind == Kind.RECEIVED_AT ? Type.TIMESTAMP_TZ : Type.VARCHAR;
        }
    }

    /** A function whose arguments have the types that {@link Function} asks for. */
    record Call(Function function, List<Expr> args, Type type) implements Expr {
        public Call {
            args = List.copyOf(args);
        }
    }

    /** The first branch whose condition is TRUE. Every result has the type of the whole. */
    record Case(List<When> whens, Expr otherwise, Type type) implements Expr {
        public Case {
            whens = List.copyOf(whens);
        }
    }

    /** One branch of a CASE. */
    record When(Expr condition, Expr result) implements Serializable {}

    /**
     * An expression whose rows are counted on the way, to know what tests have reached. It is worth what its operand is
     * worth. The compiler makes none; {@link io.millrace.sql.Branches#watch} puts them in.
     *
     * @param what which rows are counted
     * @param hits where
     * @param place at which place of {@code hits}
     */
    record Watched(Expr operand, What what, Hits hits, int place) implements Expr {
        /** Which rows are counted; never those that have failed. */
        public enum What {
            /** Those for which it is evaluated. */
            EVALUATED,
            /** Those for which it is not null. */
            NOT_NULL,
            /** Of a condition: at its place those for which it is TRUE, at the next the others. */
            OUTCOME
        }

        @Override
        public Type type() {
            return operand.type();
        }
    }

    /** A conversion; with {@code orNull} (TRY_CAST) a value that can't be converted becomes null and no rejection. */
    record Cast(Expr operand, Type type, boolean orNull) implements Expr {}
}
