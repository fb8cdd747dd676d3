package io.millrace.engine.run;

import io.millrace.api.Commit.Counts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to. Counts are of committed records only.
 *
 * @param outcome how it ended
 * @param counts what became of the records
 * @param commits how many transactions it took
 * @param bytes the input read, whether it was committed or not
 * @param elapsed from the call to the return
 * @param reasons for each reason code, how many records were quarantined
 * @param remarks what the source wants a person to know
 * @param failures for each split that could not be read to its end, why
 * @param halt why it ended early, and what to do, where so many records were rejected that it should; otherwise null
 */
public record RunSummary(
        Outcome outcome,
        Counts counts,
        long commits,
        long bytes,
        Duration elapsed,
        Map<String, Long> reasons,
        List<String> remarks,
        List<String> failures,
        @Nullable String halt) {

    /** How a run ended. */
    public enum Outcome {
        /** Everything there was to read is committed. */
        DONE,
        /** Some splits could not be read to their end, or too many records were rejected; what was read is committed. */
        FAILED,
        /** It was asked to stop; what it had read by then is committed unless the destination was away or refused rows. */
        STOPPED
    }
}
