package io.millrace.log;

import java.util.List;

/**
 * The outcome of reading a whole partition.
 *
 * @param partition its name
 * @param chunks how many were sound
 * @param records how many those hold
 * @param bytes how many those have
 * @param damages everything that was wrong, in the order of the partition
 */
public record Verification(PartitionName partition, long chunks, long records, long bytes, List<Damage> damages) {

    public Verification {
        damages = List.copyOf(damages);
    }

    public boolean sound() {
        return damages.isEmpty();
    }
}
