package io.millrace.engine.pipeline;

import io.millrace.api.SinkConnector.Target;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import io.millrace.engine.yaml.Names;
import io.millrace.sql.plan.Plan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Works out what a query and a destination's settings make of a table. */
final class TableShapes {
    private final Plan plan;
    private final Target target;
    private final boolean keysMaySpanSplits;
    private final BiConsumer<String, String> problems;
    private final List<String> names;

    private TableShapes(Plan plan, Target target, boolean keysMaySpanSplits, BiConsumer<String, String> problems) {
        this.plan = plan;
        this.target = target;
        this.keysMaySpanSplits = keysMaySpanSplits;
        this.problems = problems;
        this.names = plan.outputs().stream().map(Plan.Output::name).toList();
    }

    /**
     * The table's shape; of no use where a problem was told.
     *
     * @param keysMaySpanSplits whether the source's splits could hold rows of the same key
     * @param problems takes the key of the destination's settings at fault ({@code key[2]}; empty for the query) and
     *     what is wrong
     */
    static TableShape of(Plan plan, Target target, boolean keysMaySpanSplits, BiConsumer<String, String> problems) {
        return new TableShapes(plan, target, keysMaySpanSplits, problems).shape();
    }

    private TableShape shape() {
        Mode mode = plan.grouped() ? Mode.MERGE : target.key().isEmpty() ? Mode.APPEND : Mode.UPSERT;
        Integer version = switch (mode) {
            case MERGE -> merge();
            case UPSERT -> upsert();
            case APPEND -> append();
        };
        Set<String> key = new HashSet<>(target.key());
        List<TableShape.Col> columns = new ArrayList<>();
        for (Plan.Output output : plan.outputs()) {
            Merge merge = merge(mode, output, key.contains(output.name()));
            if (merge == Merge.KEY && !comparable(output.type())) {
                problems.accept(
                        "",
                        "the key column \"" + output.name() + "\" is "
                                + output.type().sql()
                                + ", whose values can't be told equal for certain; take a scalar out of it");
            }
            columns.add(
                    new TableShape.Col(output.name(), output.type(), output.nullable() && merge != Merge.KEY, merge));
        }
        List<TableShape.Average> averages = plan.averages().stream()
                .map(a -> new TableShape.Average(a.name(), a.type(), a.sum(), a.count()))
                .toList();
        return new TableShape(columns, averages, mode, version, counting(mode));
    }

    /** An UNNEST makes several rows of a record, or none, so that nothing tells how many records there were. */
    private TableShape.@Nullable Counting counting(Mode mode) {
        if (!plan.unnests().isEmpty()) {
            return null;
        }
        if (mode != Mode.MERGE) {
            return new TableShape.Counting.Rows(mode == Mode.UPSERT);
        }
        for (int i = 0; i < plan.outputs().size(); i++) {
            if (plan.outputs().get(i).aggregate() == Plan.Aggregate.COUNT_ROWS) {
                return new TableShape.Counting.Column(i);
            }
        }
        return null;
    }

    private static Merge merge(Mode mode, Plan.Output output, boolean inKey) {
        if (mode != Mode.MERGE) {
            return inKey ? Merge.KEY : Merge.VALUE;
        }
        Plan.Aggregate aggregate = output.aggregate();
        if (aggregate == null) {
            return Merge.KEY;
        }
        return switch (aggregate) {
            case SUM, COUNT, COUNT_ROWS -> Merge.ADD;
            case MIN -> Merge.MIN;
            case MAX -> Merge.MAX;
        };
    }

    private @Nullable Integer merge() {
        Set<String> grouped = new LinkedHashSet<>();
        for (Plan.Output output : plan.outputs()) {
            if (output.aggregate() == null) {
                grouped.add(output.name());
            }
        }
        if (grouped.isEmpty()) {
            problems.accept(
                    "",
                    "the query adds up all records into one row, which has no key to merge it by; group by a column"
                            + " and select it");
        }
        if (!target.key().isEmpty() && !grouped.equals(new HashSet<>(target.key()))) {
            problems.accept(
                    "key",
                    "with GROUP BY the key is what the query groups by: [" + String.join(", ", grouped)
                            + "]; give that or leave \"key\" out");
        }
        if (target.version() != null) {
            problems.accept(
                    "version", "with GROUP BY rows are merged by adding up, so no version decides; leave it out");
        }
        return null;
    }

    private @Nullable Integer append() {
        if (target.version() != null) {
            problems.accept("version", "a version decides between rows of one key, but no \"key\" is given");
        }
        return null;
    }

    private @Nullable Integer upsert() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < target.key().size(); i++) {
            String column = target.key().get(i);
            String place = "key[" + (i + 1) + "]";
            if (!seen.add(column)) {
                problems.accept(place, "the key column \"" + column + "\" is given twice");
            } else if (!names.contains(column)) {
                problems.accept(
                        place, "the query has no column \"" + column + "\" for the key" + Names.hint(column, names));
            }
        }
        String version = target.version();
        if (version == null) {
            if (keysMaySpanSplits) {
                problems.accept(
                        "key",
                        "rows with the same key may lie in several splits of this source (several files, for"
                                + " instance), and no order is known between those, so the row that should win is not"
                                + " known either; say it with \"version: COLUMN\", where the highest value wins");
            }
            return null;
        }
        int index = names.indexOf(version);
        if (index < 0) {
            problems.accept(
                    "version",
                    "the query has no column \"" + version + "\" for the version" + Names.hint(version, names));
            return null;
        }
        Type type = plan.outputs().get(index).type();
        if (type.equals(Type.BOOLEAN) || !comparable(type)) {
            problems.accept(
                    "version",
                    "the version column \"" + version + "\" is " + type.sql()
                            + "; it must be of a type with an order, such as BIGINT or TIMESTAMP");
        }
        if (seen.contains(version)) {
            problems.accept(
                    "version",
                    "the version column \"" + version + "\" is part of the key, so it can't decide between rows");
        }
        return index;
    }

    /** Whether two values of a type are equal exactly where every destination finds them so. */
    private static boolean comparable(Type type) {
        return switch (type) {
            case Type.Simple simple -> simple != Type.Simple.JSON;
            case Type.Decimal decimal -> true;
            case Type.Array array -> false;
        };
    }
}
