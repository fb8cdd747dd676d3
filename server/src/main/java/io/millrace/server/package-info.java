/**
 * The server as a whole: one process that takes events, keeps pipelines running and answers. Puts together the rooms below
 * it, which do not know each other: {@code auth}, {@code gateway}, {@code read}, and the engine's live pipelines.
 */
@NullMarked
package io.millrace.server;

import org.jspecify.annotations.NullMarked;
