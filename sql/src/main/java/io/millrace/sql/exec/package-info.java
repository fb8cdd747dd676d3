/**
 * Runs a {@link io.millrace.sql.plan.Plan} over column batches: {@link io.millrace.sql.exec.Transform} filters and
 * computes rows, {@link io.millrace.sql.exec.Aggregator} adds them up by key. Each expression is compiled once into a
 * tree of operators over reusable vectors; one operator call handles all rows of a batch that need it. Knows plans and
 * batches, nothing of SQL text.
 */
@NullMarked
package io.millrace.sql.exec;

import org.jspecify.annotations.NullMarked;
