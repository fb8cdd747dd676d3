/**
 * Tests of pipelines: given records go through the real compiler and the real engine into a table in memory, and what is
 * found there is held against what is expected. Nothing is started or connected to.
 *
 * <p>This room may use the engine, the formats and the destination in memory; it knows no other connector.
 */
@NullMarked
package io.millrace.tests;

import org.jspecify.annotations.NullMarked;
