/** How the text of a query is taken apart. */
@NullMarked
package io.millrace.sql.calcite;

import org.jspecify.annotations.NullMarked;
