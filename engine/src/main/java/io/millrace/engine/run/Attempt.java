package io.millrace.engine.run;

import io.millrace.api.Commit;
import io.millrace.api.Commit.Move;
import io.millrace.api.FencedException;
import io.millrace.api.Offset;
import io.millrace.api.Rejection;
import io.millrace.api.SinkException;
import io.millrace.api.Split;
import io.millrace.sql.exec.Aggregator;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the splits from where the destination stands: starts the lanes and, on the calling thread, commits what
 * they hand over. Ends when the splits are read, when the run is stopped, or when a commit shows that somebody else has
 * moved the pipeline on; then nothing of it is left in memory and another attempt may follow.
 *
 * <p>Shares that wait while a commit is under way are committed together (group commit), so that two lanes with the same
 * keys cost one merge in the destination and never lock each other out there.
 */
final class Attempt {

    /** How long a commit waits for the other lanes to add what they have; they look after every batch. */
    private static final long GATHER_MILLIS = 100;

    private static final int DRAINED_ROWS = 8192;

    private final Job job;
    private final Tally tally;
    private final Destination destination;
    private final InstantSource clock;
    private final Map<String, Offset> progress;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Splits that no lane has taken yet. Guarded by lock. */
    private final Queue<Split> splits;
    /** Shares that wait for their commit, in the order of their arrival. Guarded by lock. */
    private final List<Share> pending = new ArrayList<>();
    /** Whether one of these is due, rather than the last of a lane that has nothing left to read. Guarded by lock. */
    private boolean due;
    /** Lanes that have handed over their last share. Guarded by lock. */
    private final Set<Lane> ended = new HashSet<>();
    /** Guarded by lock. */
    private int lanesAtWork;
    /** Guarded by lock. */
    private @Nullable Throwable broken;

    /** Set while a commit gathers the shares of all lanes. */
    private volatile boolean gathering;

    private volatile boolean abandoned;

    Attempt(
            Job job,
            List<Split> splits,
            Map<String, Offset> progress,
            Destination destination,
            Tally tally,
            InstantSource clock) {
        this.job = job;
        this.splits = new ArrayDeque<>(splits);
        this.progress = progress;
        this.destination = destination;
        this.tally = tally;
        this.clock = clock;
    }

    /**
     * Runs to the end.
     *
     * @throws FencedException where another instance has moved a split on
     */
    void run() throws SinkException, InterruptedException {
        List<Thread> threads = new ArrayList<>();
        int lanes = Math.min(job.lanes(), splits.size());
        lanesAtWork = lanes;
        for (int i = 0; i < lanes; i++) {
            threads.add(Thread.ofPlatform().name("lane-" + i).unstarted(new Lane(job, this)));
        }
        try {
            threads.forEach(Thread::start);
            // While the lanes read the first of what the first commit takes.
            destination.prepare(job.shape());
            for (List<Share> shares = take(); !shares.isEmpty(); shares = take()) {
                commit(shares);
                shares.forEach(share -> share.lane().giveBack(share));
            }
        } finally {
            abandoned = true;
            threads.forEach(Thread::interrupt);
            joinAll(threads);
        }
        if (broken != null) {
            throw new IllegalStateException("a lane of pipeline " + job.pipeline() + " broke", broken);
        }
    }

    /** Waits for every lane, whatever happens: none may outlive the attempt and read a source that is being closed. */
    private static void joinAll(List<Thread> threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for something to commit; empty when all lanes have ended and nothing is left. */
    private List<Share> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!due && lanesAtWork > 0 && broken == null) {
                changed.await();
            }
            if (broken != null) {
                return List.of();
            }
            gathering = true;
            long left = TimeUnit.MILLISECONDS.toNanos(GATHER_MILLIS);
            while (lanesWaiting() < lanesAtWork && left > 0) {
                left = changed.awaitNanos(left);
            }
            gathering = false;
            List<Share> shares = List.copyOf(pending);
            pending.clear();
            due = false;
            return shares;
        } finally {
            lock.unlock();
        }
    }

    /** How many of the lanes at work have a share that waits. Called with the lock held. */
    private int lanesWaiting() {
        Set<Lane> lanes = new HashSet<>();
        for (Share share : pending) {
            lanes.add(share.lane());
        }
        lanes.removeAll(ended);
        return lanes.size();
    }

    private void commit(List<Share> shares) throws SinkException, InterruptedException {
        addUp(shares);
        Commit commit =
                new Commit(tally.run(), shares.stream().map(Share::staging).toList(), joined(shares));
        destination.commit(commit);
        tally.committed(commit);
    }

    /**
     * Stages what the lanes have added up. The destination is spared the work of bringing their keys together: it would
     * take several times as long for it.
     */
    private void addUp(List<Share> shares) {
        List<Aggregator> aggregators =
                shares.stream().map(Share::aggregator).filter(Objects::nonNull).toList();
        if (aggregators.isEmpty()) {
            return;
        }
        Aggregator whole = aggregators.getFirst();
        aggregators.stream().skip(1).forEach(whole::merge);
        whole.drain(DRAINED_ROWS, shares.getFirst().staging()::add);
    }

    /** One move a split, where a lane has two shares in one commit. */
    private static List<Move> joined(List<Share> shares) {
        Map<String, Move> moves = new LinkedHashMap<>();
        for (Share share : shares) {
            for (Move move : share.moves()) {
                moves.merge(move.split(), move, Attempt::join);
            }
        }
        return List.copyOf(moves.values());
    }

    private static Move join(Move first, Move second) {
        List<Rejection> rejected = new ArrayList<>(first.rejected());
        rejected.addAll(second.rejected());
        return new Move(first.split(), first.from(), second.to(), first.counts().plus(second.counts()), rejected);
    }

    // What lanes call

    InstantSource clock() {
        return clock;
    }

    boolean stopping() {
        return abandoned || tally.stopRequested();
    }

    @Nullable
    Split nextSplit() {
        lock.lock();
        try {
            return splits.poll();
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Offset progressOf(Split split) {
        return progress.get(split.id());
    }

    /** Whether a commit is about to begin that this lane has not added to. */
    boolean shareWanted(Lane lane) {
        if (!gathering) {
            return false;
        }
        lock.lock();
        try {
            return gathering && pending.stream().noneMatch(share -> share.lane() == lane);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands over a share.
     *
     * @param last whether it is the lane's last. It then waits for the next commit that is due, or for the end: a commit
     *     of its own would bring in keys that the other lanes are about to bring in too.
     */
    void submit(Share share, boolean last) {
        lock.lock();
        try {
            pending.add(share);
            due |= !last;
            if (last) {
                ended.add(share.lane());
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void read(long received, long rejected, long bytes) {
        tally.read(received, rejected, bytes);
    }

    void splitFailed(Split split, IOException e) {
        tally.splitFailed(split, e);
    }

    void laneBroke(Throwable e) {
        lock.lock();
        try {
            if (broken == null) {
                broken = e;
            } else {
                broken.addSuppressed(e);
            }
            abandoned = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void laneEnded() {
        lock.lock();
        try {
            lanesAtWork--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
