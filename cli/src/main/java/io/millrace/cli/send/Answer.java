package io.millrace.cli.send;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a gateway says to a request, as far as it matters to the sender. */
sealed interface Answer {

    /**
     * It took the request, all of it or but for some lines.
     *
     * @param accepted how many events it counts as taken
     * @param refused lines that it did not take
     * @param repeated whether it had taken this request before, and took nothing now
     * @param positions for each partition of the log the offset after the last byte of this request
     */
    record Accepted(long accepted, List<RefusedLine> refused, boolean repeated, Map<String, Long> positions)
            implements Answer {}

    /**
     * One line that a contract refused.
     *
     * @param line which one of the request, from 1
     * @param code why, for a program; may be empty
     * @param field which field; may be empty
     * @param message why, for a person; may be empty, and may quote what is in the record
     */
    record RefusedLine(int line, String code, String field, String message) {}

    /**
     * It will never take this request as it is.
     *
     * @param status the status, and its meaning
     * @param detail more of it; may be empty, and may quote what is in a record
     */
    record Refused(String status, String detail) implements Answer {}

    /** The request is too large; parts of it may do. */
    record TooLarge(String status, String detail) implements Answer {}

    /**
     * Not now.
     *
     * @param reason for a person, with nothing of a record in it
     * @param asked how long the gateway asks to wait
     * @param unanswered whether the request may have been taken all the same
     */
    record Later(String reason, Optional<Duration> asked, boolean unanswered) implements Answer {}
}
