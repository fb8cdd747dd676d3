package io.millrace.sql.oracle;

import io.millrace.api.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An expression in both dialects.
 *
 * @param type what the reference says its type is; the compiler has to agree
 * @param ours in Millrace's SQL
 * @param theirs in PostgreSQL's, of the PostgreSQL type that corresponds, over a row variable {@code r}
 * @param parts the expressions it was made from: where it disagrees, perhaps one of these does already
 * @param exact false where C's and Java's mathematics may differ in the last place; only ever the outermost term
 */
record Term(Type type, String ours, String theirs, List<Term> parts, boolean exact) {

    Term {
        parts = List.copyOf(parts);
    }

    static Term of(Type type, String ours, String theirs, Term... parts) {
        return new Term(type, ours, theirs, List.of(parts), true);
    }

    /** Both dialects by one pattern, in which {@code $1} is the first part and so on. */
    static Term same(Type type, String pattern, Term... parts) {
        return translated(type, pattern, pattern, parts);
    }

    /** Each dialect by its pattern. */
    static Term translated(Type type, String ours, String theirs, Term... parts) {
        String a = ours;
        String b = theirs;
        for (int i = 0; i < parts.length; i++) {
            a = a.replace("$" + (i + 1), parts[i].ours);
            b = b.replace("$" + (i + 1), parts[i].theirs);
        }
        return of(type, a, b, parts);
    }

    /** A constant, kept from PostgreSQL's planner: what it folds, it evaluates even where the row does not get there. */
    static Term constant(Type type, String ours, String theirs) {
        return of(type, ours, "(CASE WHEN r.id > 0 THEN " + theirs + " END)");
    }

    Term inexact() {
        return new Term(type, ours, theirs, parts, false);
    }

    /** The same value where a value of another type is expected; in Millrace's SQL that is written nowhere. */
    Term as(Type wanted) {
        return wanted.equals(type) ? this : new Term(wanted, ours, Dialect.cast(theirs, type, wanted), parts, exact);
    }

    /** Every term within this one, the smallest first. */
    List<Term> within() {
        Set<Term> all = new LinkedHashSet<>();
        collect(all);
        List<Term> sorted = new ArrayList<>(all);
        sorted.sort((x, y) -> Integer.compare(x.ours.length(), y.ours.length()));
        return sorted;
    }

    private void collect(Set<Term> all) {
        for (Term part : parts) {
            part.collect(all);
            all.add(part);
        }
    }
}
