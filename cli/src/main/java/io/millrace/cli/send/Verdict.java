package io.millrace.cli.send;

import java.time.Duration;
import java.util.List;

/** Whether the pipelines have taken what was sent. */
public sealed interface Verdict {

    /**
     * They have.
     *
     * @param pipelines which ones; none where nothing was sent that they could take
     * @param waited how long that took after the last answer
     */
    record Reached(List<String> pipelines, Duration waited) implements Verdict {}

    /**
     * Not all of them have.
     *
     * @param reasons who lags or has failed, or why that can't be known; each for a person
     * @param waited how long was waited
     */
    record Missed(List<String> reasons, Duration waited) implements Verdict {}

    /** The user did not want to wait any longer. */
    record Stopped() implements Verdict {}
}
