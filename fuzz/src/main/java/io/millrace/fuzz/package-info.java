/**
 * Bad input, made by Jazzer for as long as one likes, for whatever reads what others have written: decoders, contracts,
 * queries, pipeline files and the log. Nothing depends on this room.
 */
@NullMarked
package io.millrace.fuzz;

import org.jspecify.annotations.NullMarked;
