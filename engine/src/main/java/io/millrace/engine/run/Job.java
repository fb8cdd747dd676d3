package io.millrace.engine.run;

import io.millrace.api.Sink;
import io.millrace.api.Source;
import io.millrace.api.TableShape;
import io.millrace.sql.plan.Plan;
import java.time.Duration;

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
 */
public record Job(
        String pipeline, Plan plan, TableShape shape, Source source, Sink sink, int lanes, CommitPolicy commit) {

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
}
