/**
 * Running a pipeline on one machine: lanes read, transform and aggregate; one committer makes what they hand over true
 * in the destination. Keeps no state of its own: on start it asks the destination where each split stands.
 *
 * <p>Knows sources and sinks only through the API, and no SQL but plans.
 */
@NullMarked
package io.millrace.engine.run;

import org.jspecify.annotations.NullMarked;
