/** Reads files of records, or the standard input, one record after another and with bounded memory. Touches nothing else. */
@NullMarked
package io.millrace.cli.data;

import org.jspecify.annotations.NullMarked;
