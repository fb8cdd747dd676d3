/**
 * Says whether every record that fits one schema fits another. Knows the schemas alone: no records, no files but those
 * two.
 */
@NullMarked
package io.millrace.contract.diff;

import org.jspecify.annotations.NullMarked;
