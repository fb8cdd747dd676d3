/**
 * Millrace and its peers as whole processes: the same file into the same table of the same server, in one run.
 *
 * <p>{@link io.millrace.benchmarks.peers.Compare} is the harness. The classes whose names end in {@code Peer} are
 * programs of their own, each the shortest thing that a competent engineer would write for the job with that system;
 * they know nothing of the harness. Nothing else in the tree depends on this room, which is built with {@code -Ppeers}
 * only, since its libraries weigh 250 MB.
 */
@NullMarked
package io.millrace.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
