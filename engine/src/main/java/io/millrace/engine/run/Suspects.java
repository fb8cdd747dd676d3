package io.millrace.engine.run;

import io.millrace.api.Commit;
import io.millrace.api.RecordBatch;
import io.millrace.api.Rejection;
import io.millrace.api.Sink;
import io.millrace.sql.exec.Aggregator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of a share that is committed with care: their rows stand together in the staging, one record after the other,
 * and of each is known what it takes to put it into the quarantine. Not thread-safe.
 */
final class Suspects {

    /** So many are committed at once, or a few more. */
    static final int ENOUGH = 10_000;

    /** About what is kept of a record beside its bytes. */
    private static final long RECORD_BYTES = 128;

    private final RecordStaging staging;
    private final List<Suspect> suspects = new ArrayList<>();
    private long bytes;

    private record Suspect(String split, String position, byte[] raw) {
        Rejection rejection(Commit.Refused refused) {
            return new Rejection(
                    Rejection.Stage.LOAD, refused.code(), refused.field(), refused.message(), position, raw);
        }
    }

    /** @param aggregator adds up the rows of one record; null where rows are staged as they are */
    Suspects(Sink.Staging staging, @Nullable Aggregator aggregator) {
        this.staging = new RecordStaging(staging, aggregator);
    }

    /** Stages rows. Copies what it needs: the origin does not last. */
    void add(Screening.Screened screened, String split) {
        RecordBatch.Origin origin = screened.origin();
        staging.add(screened.rows(), record -> {
            byte[] raw = origin.raw(record);
            suspects.add(new Suspect(split, origin.position(record), raw));
            bytes += raw.length + RECORD_BYTES;
        });
    }

    boolean enough() {
        return suspects.size() >= ENOUGH;
    }

    long bytes() {
        return bytes;
    }

    void clear() {
        suspects.clear();
        staging.clear();
        bytes = 0;
    }

    /** What the destination needs to find those that it refuses; null where no record has a row. */
    @Nullable
    Sifted sifted(Commit.Account account) {
        return suspects.isEmpty() ? null : new Sifted(account);
    }

    /** One commit of them. */
    final class Sifted implements Commit.Sifting {
        private final Commit.Account all;
        private long refusedRows;
        private List<Commit.Refused> lastRefused = List.of();

        private Sifted(Commit.Account all) {
            this.all = all;
        }

        /** How many rows those had that were refused last. */
        long refusedRows() {
            return refusedRows;
        }

        /** Those that were refused last. */
        List<Commit.Refused> refused() {
            return lastRefused;
        }

        @Override
        public int records() {
            return suspects.size();
        }

        @Override
        public int firstRow(int record) {
            return staging.firstRow(record);
        }

        @Override
        public Commit.Account without(List<Commit.Refused> refused) {
            lastRefused = List.copyOf(refused);
            refusedRows = refused.stream()
                    .mapToLong(r -> firstRow(r.record() + 1) - firstRow(r.record()))
                    .sum();
            List<Commit.Move> moves = new ArrayList<>();
            for (Commit.Move move : all.moves()) {
                List<Rejection> rejected = new ArrayList<>(move.rejected());
                for (Commit.Refused record : refused) {
                    Suspect suspect = suspects.get(record.record());
                    if (suspect.split().equals(move.split())) {
                        rejected.add(suspect.rejection(record));
                    }
                }
                long more = (long) rejected.size() - move.rejected().size();
                moves.add(new Commit.Move(
                        move.split(),
                        move.from(),
                        move.to(),
                        move.counts().plus(new Commit.Counts(0, -more, 0, more)),
                        rejected));
            }
            return new Commit.Account(moves, all.corrections());
        }
    }
}
