package io.millrace.api;

import java.io.Serializable;

/**
 * A part of a source that is read in order by one lane at a time: a file or a range of one, a partition, a change
 * stream.
 *
 * @param id its name, stable from run to run and unique in its pipeline: progress is kept under it
 * @param sizeBytes about how many bytes are left to read, for progress reports; -1 where that is not known
 */
public record Split(String id, long sizeBytes) implements Serializable {
    @Override
    public String toString() {
        return id;
    }
}
