package io.millrace.sql.oracle;

import io.millrace.api.Batch;
import io.millrace.api.Type;
import io.millrace.sql.plan.Plan;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A destination in small: partial aggregates brought together by key. */
final class Merged {
    private final Plan plan;
    private final int keys;
    private final TreeMap<String, List<@Nullable String>> groups = new TreeMap<>();

    Merged(Plan plan, int keys) {
        this.plan = plan;
        this.keys = keys;
    }

    void add(Batch batch) {
        for (int row = 0; row < batch.rows(); row++) {
            List<@Nullable String> values = new ArrayList<>();
            for (int i = 0; i < plan.outputs().size(); i++) {
                values.add(Answer.of(batch.column(i), row).value());
            }
            add(values);
        }
    }

    /** One row, as text. */
    void add(List<@Nullable String> row) {
        List<@Nullable String> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            values.add(normal(plan.outputs().get(i).type(), row.get(i)));
        }
        String key = String.valueOf(values.subList(0, keys));
        List<@Nullable String> all = groups.get(key);
        if (all == null) {
            groups.put(key, values);
            return;
        }
        for (int i = keys; i < values.size(); i++) {
            all.set(i, merged(plan.outputs().get(i), all.get(i), values.get(i)));
        }
    }

    /** Doubles are written alike, and there is one zero. */
    private static @Nullable String normal(Type type, @Nullable String value) {
        return value != null && type.equals(Type.DOUBLE) ? Double.toString(Double.parseDouble(value) + 0.0) : value;
    }

    private static @Nullable String merged(Plan.Output output, @Nullable String a, @Nullable String b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        Plan.Aggregate aggregate = output.aggregate();
        if (aggregate == null) {
            throw new IllegalArgumentException(output.name());
        }
        return switch (aggregate) {
            case COUNT, COUNT_ROWS -> Long.toString(Math.addExact(Long.parseLong(a), Long.parseLong(b)));
            case SUM ->
                output.type().equals(Type.DOUBLE)
                        ? Double.toString(Double.parseDouble(a) + Double.parseDouble(b))
                        : new BigDecimal(a).add(new BigDecimal(b)).toPlainString();
            case MIN -> compare(output.type(), a, b) <= 0 ? a : b;
            case MAX -> compare(output.type(), a, b) >= 0 ? a : b;
        };
    }

    private static int compare(Type type, String a, String b) {
        if (type.equals(Type.VARCHAR)) {
            return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
        }
        return type.equals(Type.DOUBLE)
                ? Double.compare(Double.parseDouble(a), Double.parseDouble(b))
                : new BigDecimal(a).compareTo(new BigDecimal(b));
    }

    /** For each key, as text, the whole row. */
    Map<String, List<@Nullable String>> groups() {
        return groups;
    }
}
