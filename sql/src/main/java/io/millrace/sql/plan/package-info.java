/**
 * What a query means, once it has been checked: plain records that can be serialised and sent to whoever executes them.
 * Knows neither Calcite, which makes plans, nor the operators, which run them.
 */
@NullMarked
package io.millrace.sql.plan;

import org.jspecify.annotations.NullMarked;
