package io.millrace.cli;

/** What the process says to its caller when it ends. */
final class ExitCode {
    static final int DONE = 0;
    static final int FAILED = 1;
    /** Wrong usage, or a pipeline file or a configuration that is not valid. */
    static final int USAGE = 2;
    /** As a shell writes the end by SIGINT; also for SIGTERM, since both end a run in the same clean way. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
