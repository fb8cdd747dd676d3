package io.millrace.cli.send;

import java.nio.file.Path;
import java.util.List;

/**
 * What of one input could not be sent.
 *
 * @param input what the user calls it
 * @param file where the records are, as they were, one a line
 * @param rereadable whether the same command can send them again, with all that was sent
 * @param events how many
 * @param reasons why, the most frequent first
 */
public record Kept(String input, Path file, boolean rereadable, long events, List<Because> reasons) {

    /**
     * Records that share a reason.
     *
     * @param reason holds nothing of what is in the records
     * @param events how many
     * @param lines which lines of the input, for a person: {@code lines 3, 17-20}
     * @param passing whether the same records may be taken another time, as they are
     */
    public record Because(String reason, long events, String lines, boolean passing) {}
}
