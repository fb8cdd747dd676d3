/** Results and figures as a person or a program reads them: tables, CSV, JSON, counts, sizes and durations. */
@NullMarked
package io.millrace.cli.output;

import org.jspecify.annotations.NullMarked;
