package io.millrace.engine.run;

import io.millrace.api.RejectionLimit;
import io.millrace.api.Sink;
import io.millrace.api.Source;
import io.millrace.api.TableShape;
import io.millrace.sql.plan.Plan;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a run needs.
 *
 * @param pipeline the pipeline's name
 * @param plan its query
 * @param shape its table
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
