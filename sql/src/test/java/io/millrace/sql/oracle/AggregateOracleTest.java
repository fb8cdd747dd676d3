package io.millrace.sql.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Batch;
import io.millrace.api.Type;
import io.millrace.sql.Compiled;
import io.millrace.sql.SqlCompiler;
import io.millrace.sql.exec.Aggregator;
import io.millrace.sql.exec.Transform;
import io.millrace.sql.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What GROUP BY adds up is what PostgreSQL adds up, however the rows come in batches and lanes and the parts are merged.
 * More queries by {@code -Dmillrace.oracle.queries=N}.
 */
class AggregateOracleTest {
    private static final int QUERIES = Integer.getInteger("millrace.oracle.queries", 150);
    private static final long SEED = Long.getLong("millrace.oracle.seed", 20_261_121L);
    private static final int ROWS = 200;

    /** One aggregate in both dialects, as it is stored: AVG is kept as a sum and a count. */
    private record Column(String ours, List<String> theirs) {}

    /** A query in both dialects. */
    private record Query(String ours, String theirs, int keys) {}

    private final Rows rows = Corpus.rows(SEED, ROWS);

    @Test
    void everyGroupHoldsWhatPostgresSays() throws Exception {
        try (Oracle oracle = Oracle.start()) {
            oracle.load(rows);
            for (long i = 0; i < QUERIES; i++) {
                Dice dice = new Dice(SEED + i);
                Query query = query(dice, SEED + i);
                Plan plan = plan(query.ours());
                Merged theirs = new Merged(plan, query.keys());
                oracle.rows(query.theirs()).forEach(theirs::add);
                assertThat(ours(plan, query.keys(), dice).groups())
                        .as("seed %s: %s%n%s", SEED + i, query.ours(), query.theirs())
                        .isEqualTo(theirs.groups());
            }
        }
    }

    // Queries

    private Query query(Dice dice, long seed) {
        Terms terms = new Terms(seed, rows, Set.of());
        List<Term> keys = new ArrayList<>();
        for (int i = dice.below(3); i >= 0; i--) {
            keys.add(key(terms, dice));
        }
        List<String> ours = new ArrayList<>();
        List<String> theirs = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            ours.add(keys.get(i).ours() + " AS k" + i);
            theirs.add(Dialect.shown(keys.get(i)));
        }
        for (int i = dice.between(1, 5); i > 0; i--) {
            Column column = column(terms, dice);
            ours.add(column.ours() + " AS a" + i);
            theirs.addAll(column.theirs());
        }
        Term where = Term.same(Type.BOOLEAN, dice.of("$1 IS NOT TRUE", "$1", "NOT $1"), terms.column("cx", "cy"));
        boolean filtered = dice.oneIn(3);
        String by = String.join(", ", keys.stream().map(Term::ours).toList());
        String theirBy = String.join(", ", keys.stream().map(Term::theirs).toList());
        return new Query(
                "SELECT " + String.join(", ", ours) + " FROM input" + (filtered ? " WHERE " + where.ours() : "")
                        + " GROUP BY " + by,
                "SELECT " + String.join(", ", theirs) + " FROM oracle.input r"
                        + (filtered ? " WHERE " + where.theirs() : "") + " GROUP BY " + theirBy,
                keys.size());
    }

    /** Keys of few values each, so that groups have several rows. */
    private static Term key(Terms terms, Dice dice) {
        return switch (dice.below(9)) {
            case 0 -> terms.column("cx", "cy");
            case 1 -> terms.column("iy", "ix");
            case 2 -> terms.column("sy", "sx");
            case 3 -> Term.same(Type.VARCHAR, "LEFT($1, 1)", terms.column("sx", "sn"));
            case 4 -> Term.same(Type.BIGINT, "MOD($1, 5)", terms.column("lx").as(Type.BIGINT));
            case 5 -> Term.same(Type.TIMESTAMP, "DATE_TRUNC('year', $1)", terms.column("ty"));
            case 6 -> terms.column("dy", "wy", "mx");
            case 7 -> terms.column("fy", "fx");
            default -> Term.same(Type.VARCHAR, "(CASE WHEN $1 THEN $2 END)", terms.column("cx"), terms.column("sb"));
        };
    }

    private static Column column(Terms terms, Dice dice) {
        String filter = "";
        String theirFilter = "";
        if (dice.oneIn(3)) {
            Term condition = Term.same(Type.BOOLEAN, "($1 > 0)", terms.column("iy"));
            filter = " FILTER (WHERE " + condition.ours() + ")";
            theirFilter = " FILTER (WHERE " + condition.theirs() + ")";
        }
        return switch (dice.below(6)) {
            case 0 -> new Column("COUNT(*)" + filter, List.of("(COUNT(*)" + theirFilter + ")::text"));
            case 1 -> {
                Term x = terms.column("sx", "iy", "wx", "fx", "cx", "jx", "zx");
                yield new Column(
                        "COUNT(" + x.ours() + ")" + filter,
                        List.of("(COUNT(" + x.theirs() + ")" + theirFilter + ")::text"));
            }
            case 2 -> {
                Term x = addable(terms, dice);
                yield new Column("SUM(" + x.ours() + ")" + filter, List.of(sum(x, theirFilter)));
            }
            case 3 -> {
                Term x = addable(terms, dice);
                yield new Column(
                        "AVG(" + x.ours() + ")" + filter,
                        List.of(sum(x, theirFilter), "(COUNT(" + x.theirs() + ")" + theirFilter + ")::text"));
            }
            default -> {
                Term x = terms.column("ix", "lx", "mx", "wx", "fx", "sx", "sn", "dx", "tx", "zx");
                String function = dice.of("MIN", "MAX");
                Term theirs = Term.of(x.type(), "", function + "(" + x.theirs() + ")" + theirFilter);
                yield new Column(function + "(" + x.ours() + ")" + filter, List.of(Dialect.shown(theirs)));
            }
        };
    }

    /** Doubles of few digits: their sums are exact, in whatever order they are made. */
    private static Term addable(Terms terms, Dice dice) {
        return switch (dice.below(4)) {
            case 0 -> Term.translated(Type.DOUBLE, "CAST($1 AS DOUBLE)", "($1)::double precision", terms.column("iy"));
            case 1 ->
                Term.translated(
                        Type.INTEGER,
                        "CASE $1 WHEN TRUE THEN $2 ELSE -$2 END",
                        "(CASE WHEN $1 THEN $2 ELSE -$2 END)",
                        terms.column("cx"),
                        terms.column("iy"));
            default -> terms.column("ix", "iy", "lx", "ly", "mx", "my", "wx", "wy");
        };
    }

    private static String sum(Term x, String filter) {
        Type type = x.type().equals(Type.INTEGER)
                ? Type.BIGINT
                : x.type().equals(Type.BIGINT)
                        ? Type.decimal(38, 0)
                        : x.type() instanceof Type.Decimal d ? Type.decimal(38, d.scale()) : Type.DOUBLE;
        return "(SUM(" + x.theirs() + ")" + filter + ")::" + Dialect.name(type) + "::text";
    }

    // Answers

    private Plan plan(String sql) {
        return switch (SqlCompiler.compile(sql, rows.declared())) {
            case Compiled.Ok ok -> ok.plan();
            case Compiled.Refused refused -> throw new AssertionError(sql + "\n" + refused.problems());
        };
    }

    private Merged ours(Plan plan, int keys, Dice dice) {
        List<Aggregator> lanes = List.of(new Aggregator(plan), new Aggregator(plan), new Aggregator(plan));
        Merged merged = new Merged(plan, keys);
        Transform transform = new Transform(plan, new int[0]);
        for (int from = 0; from < ROWS; ) {
            int to = Math.min(ROWS, from + dice.between(1, dice.of(3, 20, 150)));
            Batch batch = rows.batch(plan.input(), from, to);
            Transform.Result result = transform.apply(batch, Engine.NOWHERE);
            assertThat(result.failures()).isEmpty();
            Aggregator lane = dice.of(lanes);
            lane.add(result.rows());
            if (dice.oneIn(6)) {
                lane.drain(dice.between(1, 50), merged::add);
            }
            from = to;
        }
        lanes.forEach(lane -> lane.drain(dice.between(1, 50), merged::add));
        return merged;
    }
}
