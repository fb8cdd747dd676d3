/**
 * Live events from end to end: {@code millrace up} and its clients as processes, on the machine that also makes the load.
 * {@code benchmarks/live} starts it.
 */
@NullMarked
package io.millrace.benchmarks.live;

import org.jspecify.annotations.NullMarked;
