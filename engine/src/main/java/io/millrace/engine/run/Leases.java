package io.millrace.engine.run;

import io.millrace.api.FencedException;
import io.millrace.api.SinkException;
import io.millrace.api.Split;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The splits that this process may work on. A run that ends needs none: it works on all, and the fence decides. Used by
 * the thread that runs.
 */
final class Leases {

    /** Stands for all splits of a source that is not live: they are too many, and too short, to be shared one by one. */
    private static final String ALL = "*";

    private final Job job;
    private final Destination destination;
    private final Set<String> held = new HashSet<>();
    private long renewedAt = System.nanoTime();

    Leases(Job job, Destination destination) {
        this.job = job;
        this.destination = destination;
    }

    /** Takes the source as a whole; false where another process has it. */
    boolean takeAll() throws SinkException, InterruptedException {
        return job.following() == null || take(Set.of(ALL));
    }

    /** Takes those of some splits that are free. */
    List<Split> take(List<Split> splits) throws SinkException, InterruptedException {
        if (job.following() == null || splits.isEmpty()) {
            return splits;
        }
        Set<String> wanted = new HashSet<>();
        splits.forEach(split -> wanted.add(split.id()));
        take(wanted);
        List<Split> taken = new ArrayList<>(splits);
        taken.removeIf(split -> !held.contains(split.id()));
        return taken;
    }

    /** Those of the splits that are held which the source does not offer any more. */
    Set<String> heldBeyond(Set<String> offered) {
        Set<String> beyond = new HashSet<>(held);
        beyond.removeAll(offered);
        beyond.remove(ALL);
        return beyond;
    }

    /** Lets go of splits, so that another process can take them at once. */
    void giveBack(Set<String> splits) throws SinkException, InterruptedException {
        if (!splits.isEmpty()) {
            held.removeAll(splits);
            destination.lease(following().holder(), Duration.ZERO, splits);
        }
    }

    private boolean take(Set<String> wanted) throws SinkException, InterruptedException {
        Job.Following following = following();
        Set<String> granted = destination.lease(following.holder(), following.leaseTime(), wanted);
        held.addAll(granted);
        return granted.containsAll(wanted);
    }

    /**
     * Renews what is held, where it is time.
     *
     * @throws FencedException where another process has taken some of it, since this one was silent for too long
     */
    void renew() throws SinkException, InterruptedException {
        if (held.isEmpty()
                || System.nanoTime() - renewedAt < following().lookEvery().toNanos()) {
            return;
        }
        Set<String> wanted = Set.copyOf(held);
        renewedAt = System.nanoTime();
        if (!take(wanted)) {
            throw new FencedException("another process has taken over splits of pipeline " + job.pipeline());
        }
    }

    private Job.Following following() {
        Job.Following following = job.following();
        if (following == null) {
            throw new IllegalStateException("a run that ends holds no leases");
        }
        return following;
    }
}
