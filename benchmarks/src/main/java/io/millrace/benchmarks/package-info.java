/** Measurements: of the parts with JMH, of the whole beside its peers. Nothing depends on this room. */
@NullMarked
package io.millrace.benchmarks;

import org.jspecify.annotations.NullMarked;
