package io.millrace.tests;

import io.millrace.sql.Branch;
import io.millrace.sql.Branches;
import io.millrace.sql.plan.Plan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which branches of a pipeline's query the given records have taken. Immutable.
 *
 * @param pipeline the pipeline file
 * @param branches all there are, in the order of the file; places are those in the file
 * @param reached those that at least one row has taken
 */
public record Coverage(Path pipeline, List<Branch> branches, Set<Branch> reached) {

    private static final Comparator<Branch> IN_ORDER =
            Comparator.comparingInt(Branch::line).thenComparingInt(Branch::column);

    public Coverage {
        branches = List.copyOf(branches);
        reached = Set.copyOf(reached);
    }

    /** What of 100 were reached, rounded down, so that 100 means all; 100 where a query does not branch. */
    public int percent() {
        return branches.isEmpty() ? 100 : reached.size() * 100 / branches.size();
    }

    /** Those that no row has taken, in the order of the file. */
    public List<Branch> missed() {
        return branches.stream().filter(branch -> !reached.contains(branch)).toList();
    }

    /** What several test files have reached, one for each pipeline. */
    public static List<Coverage> together(Collection<Coverage> parts) {
        Map<Path, Coverage> all = new LinkedHashMap<>();
        for (Coverage part : parts) {
            all.merge(part.pipeline, part, Coverage::plus);
        }
        return List.copyOf(all.values());
    }

    /** The same file under other parameters may have a branch more. */
    private Coverage plus(Coverage other) {
        Set<Branch> either = new LinkedHashSet<>(branches);
        either.addAll(other.branches);
        Set<Branch> both = new LinkedHashSet<>(reached);
        both.addAll(other.reached);
        return new Coverage(pipeline, either.stream().sorted(IN_ORDER).toList(), both);
    }

    /** A query that is being watched. */
    record Watch(Branches.Watched query, List<Branch> inFile) {

        Plan plan() {
            return query.plan();
        }

        Coverage coverage(Path pipeline) {
            Set<Branch> reached = new LinkedHashSet<>();
            List<Branch> all = new ArrayList<>();
            for (int i = 0; i < inFile.size(); i++) {
                all.add(inFile.get(i));
                if (query.hits().at(i) > 0) {
                    reached.add(inFile.get(i));
                }
            }
            all.sort(IN_ORDER);
            return new Coverage(pipeline, all, reached);
        }
    }
}
