package io.millrace.engine.run;

import io.millrace.api.Projection;
import io.millrace.api.Reason;
import io.millrace.api.Rejection;
import io.millrace.api.RejectionLimit;
import io.millrace.api.Sink;
import io.millrace.api.Source;
import io.millrace.api.TableShape;
import io.millrace.contract.ContractSchema;
import io.millrace.sql.plan.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a run needs.
 *
 * @param pipeline the pipeline's name
 * @param plan its query
 * @param shape its table
 * @param contract what every record must be like; null where the plan says all of it
 * @param dedupe how repeated records are known; null where all are loaded
 * @param source where records come from; closed by whoever opened it
 * @param sink where they go; closed by whoever opened it
 * @param lanes how many splits are worked on at a time
 * @param commit when a commit is worth its price
 * @param stopWhen how many rejected records end the run; null where it goes on whatever comes
 * @param following how to go on at the end of the source; null for a run that ends there
 */
public record Job(
        String pipeline,
        Plan plan,
        TableShape shape,
        @Nullable Contract contract,
        @Nullable Dedupe dedupe,
        Source source,
        Sink sink,
        int lanes,
        CommitPolicy commit,
        @Nullable RejectionLimit stopWhen,
        @Nullable Following following) {

    public Job {
        if (lanes < 1) {
            throw new IllegalArgumentException("lanes must be at least 1, not " + lanes);
        }
    }

    /**
     * What every record must be like.
     *
     * @param schema the schema that it must fit; null where there is none
     * @param drop whether a record that breaks the contract, or can't be decoded, is counted and forgotten; else it goes to
     *     the quarantine
     * @param evolve where fields that the schema does not name are to become columns, those that are known beside it; null
     *     where such fields stay what they are
     */
    public record Contract(
            @Nullable ContractSchema schema,
            boolean drop,
            @Nullable Set<String> evolve) {
        public Contract {
            evolve = evolve == null ? null : Set.copyOf(evolve);
        }

        /** One that does not evolve. */
        public Contract(@Nullable ContractSchema schema, boolean drop) {
            this(schema, drop, null);
        }
    }

    /** The same with another query and another table. */
    Job with(Plan other, TableShape table, @Nullable Dedupe repeated) {
        return new Job(pipeline, other, table, contract, repeated, source, sink, lanes, commit, stopWhen, following);
    }

    /** The same for records that are kept already: what breaks the contract stays where it is. */
    Job keeping() {
        return contract == null || !contract.drop()
                ? this
                : new Job(
                        pipeline,
                        plan,
                        shape,
                        new Contract(contract.schema(), false, contract.evolve()),
                        dedupe,
                        source,
                        sink,
                        lanes,
                        commit,
                        stopWhen,
                        following);
    }

    /** The fields to decode: those that the plan reads, then those that only the key needs. */
    public Projection input() {
        return dedupe == null ? plan.input() : dedupe.input();
    }

    /**
     * How repeated records are known.
     *
     * @param input the fields to decode: those of the plan, then those that only the key needs
     * @param key the indexes of the fields that make the key together
     * @param within for how long a record is remembered after it was received
     */
    public record Dedupe(Projection input, List<Integer> key, Duration within) {
        /** Why a record is rejected that has no key. */
        public static final Reason MISSING_KEY = new Reason(
                "missing_dedupe_key",
                Rejection.Stage.TRANSFORM,
                "A field of dedupe.key is missing or null, so nobody can tell whether the record repeats another.");

        public Dedupe {
            key = List.copyOf(key);
        }
    }

    /**
     * When a lane hands over what it has for a commit: as soon as one of the two is reached. Large commits are cheap
     * per record, small ones lose less work when a process is killed.
     *
     * @param every the time since its last hand-over
     * @param bytes the memory that uncommitted rows may take, of all lanes together
     */
    public record CommitPolicy(Duration every, long bytes) {}

    /**
     * How a run goes on until it is stopped, next to other processes that run the same pipeline.
     *
     * @param holder names this process among them
     * @param leaseTime how long another waits before it takes over what this process has been silent about
     * @param lookEvery how often the source is asked for new splits, and leases are renewed; a fraction of the lease time
     */
    public record Following(String holder, Duration leaseTime, Duration lookEvery) {}
}
