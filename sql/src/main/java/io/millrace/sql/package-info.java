/**
 * From the text of a query to a checked plan. This package is what the rest of the house sees; only the package
 * {@code calcite} below it knows the parser.
 */
@NullMarked
package io.millrace.sql;

import org.jspecify.annotations.NullMarked;
