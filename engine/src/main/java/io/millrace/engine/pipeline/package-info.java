/**
 * What a pipeline file can say, and how it becomes a checked {@link io.millrace.engine.pipeline.Pipeline}: YAML with
 * positions, parameters, config records, the query's plan and the shape of its table. Every mistake of a file is told at
 * once, with its line and column. Opens no connection; reads the one file and nothing else.
 */
@NullMarked
package io.millrace.engine.pipeline;

import org.jspecify.annotations.NullMarked;
