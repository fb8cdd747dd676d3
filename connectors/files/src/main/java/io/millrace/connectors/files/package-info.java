/**
 * The {@code files} source: files named by a path or a pattern, read in parallel ranges, each line exactly once however
 * the files grow, rotate or are replaced between runs. Knows the API and the formats; keeps nothing of its own, since
 * all that it must remember is in the offsets that the destination keeps.
 *
 * <p>How a file is recognised again: {@link io.millrace.connectors.files.FileOffset} holds checksums of what lay before
 * it, {@link io.millrace.connectors.files.Recognition} compares them with the files that are there.
 */
@NullMarked
package io.millrace.connectors.files;

import org.jspecify.annotations.NullMarked;
