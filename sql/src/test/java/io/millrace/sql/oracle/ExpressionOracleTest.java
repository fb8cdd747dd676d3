package io.millrace.sql.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sql.plan.Function;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Expressions are what PostgreSQL says they are. More of them by {@code -Dmillrace.oracle.expressions=N}, others by
 * {@code -Dmillrace.oracle.seed=N}; a disagreement is printed with its seed and as small as its parts allow.
 */
class ExpressionOracleTest {
    private static final int EXPRESSIONS = Integer.getInteger("millrace.oracle.expressions", 3000);
    private static final long SEED = Long.getLong("millrace.oracle.seed", 20_261_121L);
    private static final int ROWS = 60;
    private static final int AT_ONCE = 50;
    /** Enough to see what is wrong; one cause often shows in many expressions. */
    private static final int MOST_REPORTED = Integer.getInteger("millrace.oracle.report", 12);

    /** How many answers are values, nulls and errors. */
    private final Map<String, Long> tally = new TreeMap<>();

    @Test
    void everyExpressionIsWhatPostgresSaysItIs() throws Exception {
        Rows rows = Corpus.rows(SEED, ROWS);
        Engine engine = new Engine(rows);
        Map<String, String> disagreements = new LinkedHashMap<>();
        try (Oracle oracle = Oracle.start()) {
            oracle.load(rows);
            for (int from = 0; from < EXPRESSIONS && disagreements.size() < MOST_REPORTED; from += AT_ONCE) {
                Map<Long, Term> terms = new LinkedHashMap<>();
                Set<String> functions = Terms.noFunctions();
                for (long i = from; i < Math.min(from + AT_ONCE, EXPRESSIONS); i++) {
                    terms.put(SEED + i, Terms.term(SEED + i, rows, functions));
                }
                for (String function : functions) {
                    oracle.execute(function);
                }
                compare(engine, oracle, terms, disagreements);
            }
        }
        assertThat(disagreements.values()).isEmpty();
        if (EXPRESSIONS >= 3000) {
            assertThat(engine.functions())
                    .as("the functions that were asked for; REJECT has no like in PostgreSQL")
                    .containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.of(Function.REJECT)));
            long all = tally.values().stream().mapToLong(n -> n).sum();
            assertThat(all).isEqualTo((long) EXPRESSIONS * ROWS);
            // Else it would be nulls and errors that agree.
            assertThat(tally.get("value")).as("%s", tally).isGreaterThan(all / 2);
            assertThat(tally.get("error")).as("%s", tally).isGreaterThan(all / 50);
        }
        System.out.println("compared with PostgreSQL: " + EXPRESSIONS + " expressions, " + tally);
    }

    private void compare(Engine engine, Oracle oracle, Map<Long, Term> terms, Map<String, String> disagreements)
            throws Exception {
        List<List<Answer>> theirs = oracle.answers(List.copyOf(terms.values()));
        theirs.forEach(answers -> answers.forEach(a -> tally.merge(a.kind(), 1L, Long::sum)));
        int i = 0;
        for (Map.Entry<Long, Term> entry : terms.entrySet()) {
            Term term = entry.getValue();
            if (differs(term, answers(engine, term), theirs.get(i++)) >= 0) {
                Term least = shrunk(engine, oracle, term);
                disagreements.putIfAbsent(cause(engine, least), report(engine, oracle, least, entry.getKey()));
            }
        }
    }

    private static List<Answer> answers(Engine engine, Term term) {
        try {
            return engine.answers(term);
        } catch (RuntimeException e) {
            throw new IllegalStateException("Millrace broke down over\n" + term.ours(), e);
        }
    }

    private static int differs(Term term, List<Answer> ours, List<Answer> theirs) {
        for (int row = 0; row < ours.size(); row++) {
            if (!ours.get(row).agrees(theirs.get(row), term)) {
                return row;
            }
        }
        return -1;
    }

    /** The smallest part that disagrees already. */
    private static Term shrunk(Engine engine, Oracle oracle, Term term) throws Exception {
        List<Term> parts = new ArrayList<>();
        for (Term part : term.within()) {
            // A unit or a pattern is no value, an array has no text to compare.
            if (!part.theirs().startsWith("'") && !(part.type() instanceof io.millrace.api.Type.Array)) {
                parts.add(part);
            }
        }
        if (parts.isEmpty()) {
            return term;
        }
        List<List<Answer>> theirs = oracle.answers(parts);
        for (int i = 0; i < parts.size(); i++) {
            if (differs(parts.get(i), answers(engine, parts.get(i)), theirs.get(i)) >= 0) {
                return parts.get(i);
            }
        }
        return term;
    }

    /** Queries that are refused in the same words are refused for the same cause. */
    private static String cause(Engine engine, Term term) {
        String error = answers(engine, term).getFirst().error();
        return error != null && error.startsWith(Engine.QUERY) ? error.replaceAll("[\"'].*[\"']", "") : term.ours();
    }

    private static String report(Engine engine, Oracle oracle, Term term, long seed) throws Exception {
        List<Answer> ours = answers(engine, term);
        List<Answer> theirs = oracle.answers(List.of(term)).getFirst();
        int row = differs(term, ours, theirs);
        StringBuilder report = new StringBuilder("\nseed " + seed + ", row " + row + "\n  " + term.ours() + "\n  is "
                + ours.get(row) + ", PostgreSQL says " + theirs.get(row) + " to\n  " + term.theirs() + "\n  where ");
        List<Term> columns = engine.columnsIn(term);
        List<List<Answer>> values = oracle.answers(columns);
        for (int i = 0; i < columns.size(); i++) {
            report.append(i == 0 ? "" : ", ").append(columns.get(i).ours()).append(" = ");
            report.append(values.get(i).get(row));
        }
        return report.append('\n').toString();
    }
}
