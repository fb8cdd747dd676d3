/**
 * How much the HTTP intake takes, beside a server of the same make that does nothing. {@code benchmarks/gateway} starts it;
 * the load is {@code wrk}'s.
 */
@NullMarked
package io.millrace.benchmarks.gateway;

import org.jspecify.annotations.NullMarked;
