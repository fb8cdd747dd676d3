/**
 * What every other room agrees on: column batches with weights, types, sources with splits and offsets, sinks that
 * commit rows and progress together, and rejections.
 *
 * <p>This room depends on nothing but JSpecify and does no I/O. It favours no engine: a {@link io.millrace.api.Split}
 * and an {@link io.millrace.api.Offset} are text, so that a single process and a cluster can both hand them around.
 */
@NullMarked
package io.millrace.api;

import org.jspecify.annotations.NullMarked;
