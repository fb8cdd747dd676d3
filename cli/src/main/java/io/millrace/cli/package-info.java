/**
 * The {@code millrace} command: reads what a user asks for, starts the engine on it, and says what came of it. Nothing
 * is decided here that another front end would have to decide again.
 */
@NullMarked
package io.millrace.cli;

import org.jspecify.annotations.NullMarked;
