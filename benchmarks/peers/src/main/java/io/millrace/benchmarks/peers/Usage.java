package io.millrace.benchmarks.peers;

/**
 * What one run took.
 *
 * @param wallSeconds from before the start of the process to its end
 * @param cpuSeconds of the process and of what it waited for, by the kernel's account; in steps of 10 ms
 * @param serverCpuSeconds of the PostgreSQL server in that time
 * @param peakRssBytes the most memory that the process had resident
 * @param othersLoad how much of the machine everything else used in that time, 0 to 1
 */
record Usage(double wallSeconds, double cpuSeconds, double serverCpuSeconds, long peakRssBytes, double othersLoad) {

    /** With more than this of the machine used by others, a figure is no good. */
    static final double DISTURBED = 0.10;

    /** Of the process and the server. */
    double allCpuSeconds() {
        return cpuSeconds + serverCpuSeconds;
    }

    /** Whether other work took so much of the machine that the figures say little. */
    boolean disturbed() {
        return othersLoad > DISTURBED;
    }
}
