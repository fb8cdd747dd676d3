/**
 * What the commands that look after the quarantine do with its records: choose them by SQL, mend them, write them down.
 */
@NullMarked
package io.millrace.cli.quarantine;

import org.jspecify.annotations.NullMarked;
