package io.millrace.connectors.files;

import io.millrace.connectors.files.FileOffset.Ending;
import io.millrace.formats.Compression;

/**
 * What one reader reads of a file.
 *
 * @param id the split
 * @param file the file as it was listed
 * @param packing how it is compressed
 * @param start where reading begins
 * @param search whether the first line is to be found from there on; else one begins there
 * @param ending how the bytes before {@code start} end
 * @param limit lines that start at or after this position are not read; {@link #NO_LIMIT} where the file is read as one
 * @param rangeEnd where the range ends, whatever the size of the file
 * @param stop where the file is read as one: nothing is begun at or after this position
 * @param telling whether the offset of the start itself is to be told
 */
record Stretch(
        SplitId id,
        FoundFile file,
        Compression packing,
        long start,
        boolean search,
        Ending ending,
        long limit,
        long rangeEnd,
        long stop,
        boolean telling) {

    static final long NO_LIMIT = Long.MAX_VALUE;
}
