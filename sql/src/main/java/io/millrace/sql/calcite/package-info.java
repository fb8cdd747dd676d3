/**
 * The only room that knows Calcite: its Babel parser gives a syntax tree with exact places, and the types are worked out
 * here, over that tree, by Millrace's own rules. Calcite's validator and planner are not loaded: they take longer to
 * start than most runs take in all.
 */
@NullMarked
package io.millrace.sql.calcite;

import org.jspecify.annotations.NullMarked;
