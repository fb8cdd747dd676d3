package io.millrace.sql.exec;

import io.millrace.api.Type;

/** Chooses the operator for a conversion. */
final class Casts {

    private Casts() {}

    static Node of(Node operand, Type to, boolean orNull) {
        Type from = operand.type;
        if (from.equals(to)) {
            return operand;
        }
        return switch (to) {
            case Type.Decimal d -> toNumber(operand, to, orNull);
            case Type.Simple s ->
                switch (s) {
                    case BOOLEAN, INTEGER, BIGINT, DOUBLE -> toNumber(operand, to, orNull);
                    case VARCHAR -> toText(operand);
                    case JSON -> toJson(operand, orNull);
                    case DATE, TIMESTAMP, TIMESTAMP_TZ -> toTime(operand, s, orNull);
                };
            case Type.Array a -> throw none(from, to);
        };
    }

    private static IllegalArgumentException none(Type from, Type to) {
        return new IllegalArgumentException(from.sql() + " can't be cast to " + to.sql());
    }

    private static Node toNumber(Node operand, Type to, boolean orNull) {
        return switch (operand.type) {
            case Type.Decimal d -> new NumberCasts.FromExact(operand, to, orNull);
            case Type.Simple s ->
                switch (s) {
                    case BOOLEAN, INTEGER, BIGINT -> new NumberCasts.FromExact(operand, to, orNull);
                    case DOUBLE -> new NumberCasts.FromDouble(operand, to, orNull);
                    case VARCHAR -> new NumberCasts.FromText(operand, to, orNull);
                    case JSON -> new NumberCasts.FromText(JsonNodes.scalar(operand), to, orNull);
                    case DATE, TIMESTAMP, TIMESTAMP_TZ -> throw none(operand.type, to);
                };
            case Type.Array a -> throw none(operand.type, to);
        };
    }

    private static Node toText(Node operand) {
        return switch (operand.type) {
            case Type.Decimal d -> new TextCasts.FromDecimal(operand);
            case Type.Simple s ->
                switch (s) {
                    case BOOLEAN -> new TextCasts.FromBoolean(operand);
                    case INTEGER, BIGINT -> new TextCasts.FromDecimal(operand);
                    case DOUBLE -> new TextCasts.FromDouble(operand);
                    case DATE, TIMESTAMP, TIMESTAMP_TZ -> new TextCasts.FromTime(operand, s);
                    case VARCHAR, JSON -> new TextCasts.Same(operand, Type.VARCHAR);
                };
            case Type.Array a -> throw none(operand.type, Type.VARCHAR);
        };
    }

    private static Node toJson(Node operand, boolean orNull) {
        if (operand.type.equals(Type.VARCHAR)) {
            return new JsonNodes.Parse(operand, orNull);
        }
        throw none(operand.type, Type.JSON);
    }

    private static Node toTime(Node operand, Type.Simple to, boolean orNull) {
        return switch (operand.type) {
            case Type.Simple s when s == Type.Simple.VARCHAR -> new TimeCasts.FromText(operand, to, orNull);
            case Type.Simple s
            when s == Type.Simple.JSON -> new TimeCasts.FromText(JsonNodes.scalar(operand), to, orNull);
            case Type.Simple s
            when s == Type.Simple.DATE || s == Type.Simple.TIMESTAMP || s == Type.Simple.TIMESTAMP_TZ ->
                new TimeCasts.BetweenTimes(operand, s, to, orNull);
            case Type t -> throw none(t, to);
        };
    }
}
