package io.millrace.log;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The outcome of parts that were appended to several partitions together. */
final class Parcel {
    private final List<AppendResult> outcomes;
    private final @Nullable LogException failure;

    private Parcel(List<AppendResult> outcomes, @Nullable LogException failure) {
        this.outcomes = outcomes;
        this.failure = failure;
    }

    /** Appends all and waits for all. Where there is not space for all in time, all are busy. */
    static Parcel send(
            List<PartitionWriter> partitions,
            List<StreamWriter.Part> parts,
            int client,
            long keyHigh,
            long keyLow,
            Deadline deadline)
            throws LogException, InterruptedException {
        List<AppendResult> outcomes = new ArrayList<>(Collections.nCopies(parts.size(), new AppendResult.Busy()));
        // Everybody takes space in the same order, so that no two wait for each other.
        int[] order = IntStream.range(0, parts.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> parts.get(i).partition()))
                .mapToInt(Integer::intValue)
                .toArray();
        if (!reserve(partitions, parts, order, deadline)) {
            return new Parcel(outcomes, null);
        }
        List<PartitionWriter.Ticket> tickets = new ArrayList<>(order.length);
        try {
            for (int i : order) {
                StreamWriter.Part part = parts.get(i);
                tickets.add(partitions.get(part.partition()).stage(part.lines(), client, keyHigh, keyLow));
            }
        } finally {
            // Only where memory ran out are any left.
            for (int i = tickets.size() + 1; i < order.length; i++) {
                release(partitions, parts.get(order[i]));
            }
        }
        LogException failure = null;
        for (int i = 0; i < order.length; i++) {
            try {
                PartitionWriter.Ticket ticket = tickets.get(i);
                PartitionName name =
                        partitions.get(parts.get(order[i]).partition()).name();
                outcomes.set(order[i], new AppendResult.Stored(name, ticket.await()));
            } catch (LogException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        return new Parcel(outcomes, failure);
    }

    private static boolean reserve(
            List<PartitionWriter> partitions, List<StreamWriter.Part> parts, int[] order, Deadline deadline)
            throws LogException, InterruptedException {
        int reserved = 0;
        try {
            while (reserved < order.length) {
                StreamWriter.Part part = parts.get(order[reserved]);
                if (!partitions.get(part.partition()).reserve(part.lines().bytes(), deadline)) {
                    break;
                }
                reserved++;
            }
            return reserved == order.length;
        } finally {
            if (reserved < order.length) {
                for (int i = 0; i < reserved; i++) {
                    release(partitions, parts.get(order[i]));
                }
            }
        }
    }

    private static void release(List<PartitionWriter> partitions, StreamWriter.Part part) {
        partitions.get(part.partition()).release(part.lines().bytes());
    }

    /** What became of one part; busy too where the disk failed. */
    AppendResult outcome(int part) {
        return outcomes.get(part);
    }

    /** What became of each part. */
    List<AppendResult> results() throws LogException {
        if (failure != null) {
            throw failure;
        }
        return outcomes;
    }
}
