package io.millrace.cli.send;

import java.time.Duration;

/** Is told what happens on the way. It is called by many threads at once, and should be quick. */
public interface SendListener {

    /**
     * A request did not come through and is sent again; called for each such request.
     *
     * @param reason what went wrong, for a person
     * @param wait how long until it is sent again
     */
    void retrying(String reason, Duration wait);

    /** A request came through, after others did not. */
    void back();

    /** Something that the user should know and that stops nothing. */
    void note(String message);
}
