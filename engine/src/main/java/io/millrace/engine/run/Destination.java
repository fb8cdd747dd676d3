package io.millrace.engine.run;

import io.millrace.api.Commit;
import io.millrace.api.Commit.Correction;
import io.millrace.api.Commit.Move;
import io.millrace.api.EvolvedColumns;
import io.millrace.api.FencedException;
import io.millrace.api.Offset;
import io.millrace.api.Schema;
import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.api.SinkUnavailableException;
import io.millrace.api.TableShape;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A sink that is waited for: a call that finds the destination away is made again until it is back or the run is asked
 * to stop. A commit that was cut off is settled by asking the destination what it has. Used by the thread that runs.
 */
final class Destination {

    private static final Duration FIRST_WAIT = Duration.ofMillis(20);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Sink sink;
    private final Tally tally;
    private final RunListener listener;
    private final RandomGenerator random;
    /** What it was made ready for last; null where it was not. */
    private @Nullable TableShape prepared;

    Destination(Sink sink, Tally tally, RunListener listener, RandomGenerator random) {
        this.sink = sink;
        this.tally = tally;
        this.listener = listener;
        this.random = random;
    }

    /** Makes the destination ready for a table, where it is not yet. */
    void prepare(TableShape shape) throws SinkException, InterruptedException {
        if (!shape.equals(prepared)) {
            List<String> altered = insist(again -> sink.prepare(shape));
            prepared = shape;
            altered.forEach(listener::altered);
        }
    }

    /** The columns that were added for fields that the contract of a job does not name; none where it does not evolve. */
    List<Schema.Field> evolved(Job job) throws SinkException, InterruptedException {
        return Evolved.evolves(job) ? insist(again -> sink.evolved().all()) : List.of();
    }

    /**
     * Adds columns for fields that the contract does not name.
     *
     * @return why some can't be, by their names
     */
    Map<String, String> evolve(List<Schema.Field> columns) throws SinkException, InterruptedException {
        EvolvedColumns.Added added = insist(again -> sink.evolved().add(columns));
        added.altered().forEach(listener::altered);
        return added.refused();
    }

    Map<String, Offset> progress() throws SinkException, InterruptedException {
        return insist(again -> sink.progress());
    }

    /** Hands over all keys that are remembered: from the beginning again where that is cut off. */
    void remembered(SeenKeys keys) throws SinkException, InterruptedException {
        insist(again -> {
            sink.remembered(keys.within(), keys);
            keys.ready();
            return true;
        });
    }

    Set<String> lease(String holder, Duration time, Set<String> splits) throws SinkException, InterruptedException {
        return insist(again -> sink.lease(holder, time, splits));
    }

    /** Gives leases back where the destination is there; where it is not, they run out by themselves. */
    void release(String holder) throws SinkException, InterruptedException {
        try {
            sink.release(holder);
        } catch (SinkUnavailableException e) {
            listener.destinationAway(e, Duration.ZERO);
        }
    }

    /** Something that changes nothing. */
    interface Question<T> {
        T ask() throws SinkException, InterruptedException;
    }

    <T> T ask(Question<T> question) throws SinkException, InterruptedException {
        return insist(again -> question.ask());
    }

    void tidy() throws SinkException, InterruptedException {
        insist(again -> {
            sink.tidy();
            return true;
        });
    }

    /**
     * Commits; returns what has become true of the records.
     *
     * <p>Where it is known only later that a commit took place, what became of its records is what its sifting told last, or
     * else what it was given: there is no other account with which that attempt at it can have been made, and one that came
     * before it is over when progress is told.
     */
    Commit.Account commit(Commit commit) throws SinkException, InterruptedException {
        Commit.Sifting sifting = commit.sifting();
        Remembering told = sifting == null ? null : new Remembering(sifting);
        Commit made = told == null ? commit : commit.with(told);
        return insist(again -> {
            if (again && alreadyDone(commit)) {
                return told == null || told.last == null ? commit.account() : told.last;
            }
            if (told != null) {
                told.last = null;
            }
            return sink.commit(made);
        });
    }

    /** Remembers what the sifting that it stands for has told. Used by the thread that runs. */
    private static final class Remembering implements Commit.Sifting {
        private final Commit.Sifting sifting;
        private Commit.@Nullable Account last;

        Remembering(Commit.Sifting sifting) {
            this.sifting = sifting;
        }

        @Override
        public int records() {
            return sifting.records();
        }

        @Override
        public int firstRow(int record) {
            return sifting.firstRow(record);
        }

        @Override
        public Commit.Account without(List<Commit.Refused> refused) {
            last = sifting.without(refused);
            return last;
        }
    }

    /** Settles a commit of which it is not known whether it took place: it did so as a whole or not at all. */
    private boolean alreadyDone(Commit commit) throws SinkException, InterruptedException {
        Map<String, Offset> progress = sink.progress();
        boolean done = true;
        boolean untouched = true;
        for (Move move : commit.moves()) {
            Offset now = progress.get(move.split());
            done &= move.to().equals(now);
            untouched &= Objects.equals(move.from(), now);
        }
        boolean fenced = !commit.moves().isEmpty();
        for (Correction correction : commit.account().corrections()) {
            for (String position : correction.released()) {
                boolean there =
                        sink.quarantine().find(correction.split(), position).isPresent();
                done &= !there;
                untouched &= there;
                fenced = true;
            }
        }
        if (!fenced) {
            // To say again what is said of records changes nothing.
            return false;
        }
        if (!done && !untouched) {
            throw new FencedException("another instance has moved this pipeline on while the destination was away");
        }
        return done;
    }

    private <T> T insist(Call<T> call) throws SinkException, InterruptedException {
        Duration wait = FIRST_WAIT;
        boolean again = false;
        while (true) {
            try {
                T result = call.make(again);
                if (again) {
                    listener.destinationBack();
                }
                return result;
            } catch (SinkUnavailableException e) {
                again = true;
                // Jitter keeps instances that lost the same server from coming back in step.
                long nanos = (long) (wait.toNanos() * random.nextDouble(0.5, 1.0));
                listener.destinationAway(e, Duration.ofNanos(nanos));
                if (tally.stoppedWithin(nanos)) {
                    throw new StoppedException(e);
                }
                wait = wait.multipliedBy(2);
                if (wait.compareTo(LONGEST_WAIT) > 0) {
                    wait = LONGEST_WAIT;
                }
            }
        }
    }

    /** Something to ask of the sink; {@code again} tells that an earlier call was cut off. */
    private interface Call<T> {
        T make(boolean again) throws SinkException, InterruptedException;
    }

    /** The run was asked to stop while the destination was away: what is not committed stays uncommitted. */
    static final class StoppedException extends SinkException {
        private static final long serialVersionUID = 1L;

        StoppedException(SinkUnavailableException cause) {
            super("stopped while the destination was away", cause);
        }
    }
}
