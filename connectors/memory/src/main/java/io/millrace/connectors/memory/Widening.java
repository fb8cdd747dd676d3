package io.millrace.connectors.memory;

import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.Type;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which types a column can be given so that every value that is there stays what it is, as PostgreSQL has it. */
final class Widening {

    private static final int INTEGER_DIGITS = 10;
    private static final int BIGINT_DIGITS = 19;
    private static final long DAY_MICROS = 86_400_000_000L;

    private Widening() {}

    /** Whether a column holds every value that may be written, without a change. */
    static boolean holds(Col there, Col wanted) {
        // A total that is a decimal has no limit in the table.
        boolean totals = wanted.merge() == Merge.ADD
                && there.type() instanceof Type.Decimal
                && wanted.type() instanceof Type.Decimal;
        return totals || holds(there.type(), wanted.type());
    }

    private static boolean holds(Type there, Type wanted) {
        return switch (wanted) {
            case Type.Simple _ -> there.equals(wanted);
            case Type.Decimal(int precision, int scale) ->
                there instanceof Type.Decimal(int digits, int fraction)
                        && fraction >= scale
                        && digits - fraction >= precision - scale;
            case Type.Array(Type element) -> there instanceof Type.Array(Type inner) && holds(inner, element);
        };
    }

    /** The type that holds what is there and what is written; empty where a change to it could lose something. */
    static Optional<Type> of(Type there, Type wanted) {
        return switch (wanted) {
            case Type.Decimal(int precision, int scale) ->
                decimal(there).map(digits -> {
                    int fraction = Math.max(digits.scale(), scale);
                    int whole = Math.max(digits.precision() - digits.scale(), precision - scale);
                    return Type.decimal(Math.min(Type.MAX_PRECISION, whole + fraction), fraction);
                });
            case Type.Array(Type element) ->
                there instanceof Type.Array(Type inner) ? of(inner, element).map(Type::array) : Optional.empty();
            case Type.Simple simple ->
                switch (simple) {
                    case BIGINT -> only(there.equals(Type.INTEGER), wanted);
                    case DOUBLE -> only(there.equals(Type.INTEGER), wanted);
                    case TIMESTAMP -> only(there.equals(Type.DATE), wanted);
                    case INTEGER, VARCHAR, BOOLEAN, DATE, TIMESTAMP_TZ, JSON -> Optional.empty();
                };
        };
    }

    private static Optional<Type> only(boolean safe, Type wanted) {
        return safe ? Optional.of(wanted) : Optional.empty();
    }

    private static Optional<Type.Decimal> decimal(Type type) {
        return switch (type) {
            case Type.Decimal decimal -> Optional.of(decimal);
            case Type.Simple simple
            when simple == Type.Simple.INTEGER -> Optional.of(new Type.Decimal(INTEGER_DIGITS, 0));
            case Type.Simple simple
            when simple == Type.Simple.BIGINT -> Optional.of(new Type.Decimal(BIGINT_DIGITS, 0));
            case Type.Simple _, Type.Array _ -> Optional.empty();
        };
    }

    /** A value as a column of a wider type has it. */
    static @Nullable Object widened(@Nullable Object value, Type from, Col to) {
        return value == null || from.equals(to.type())
                ? value
                : widened(value, from, to.type(), to.merge() == Merge.ADD);
    }

    private static Object widened(Object value, Type from, Type to, boolean total) {
        return switch (value) {
            case Long number ->
                switch (to) {
                    case Type.Decimal(int _, int scale) -> scaled(BigDecimal.valueOf(number), scale, total);
                    case Type.Simple simple when simple == Type.Simple.DOUBLE -> (Object) number.doubleValue();
                    case Type.Simple simple
                    when simple == Type.Simple.TIMESTAMP && from.equals(Type.DATE) ->
                        Math.multiplyExact(number, DAY_MICROS);
                    case Type.Simple _, Type.Array _ -> number;
                };
            case BigDecimal number when to instanceof Type.Decimal(int _, int scale) -> scaled(number, scale, total);
            case List<?> list
            when from instanceof Type.Array(Type inner) && to instanceof Type.Array(Type outer) -> {
                List<@Nullable Object> elements = new ArrayList<>(list.size());
                for (Object element : list) {
                    elements.add(element == null ? null : widened(element, inner, outer, total));
                }
                yield Collections.unmodifiableList(elements);
            }
            case Object other -> other;
        };
    }

    private static BigDecimal scaled(BigDecimal number, int scale, boolean total) {
        return total ? number : number.setScale(scale, RoundingMode.UNNECESSARY);
    }
}
