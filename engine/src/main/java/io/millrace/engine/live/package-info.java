/**
 * Keeps the pipelines of a folder running: starts each, takes up files that are added, changed or removed, tries again what
 * failed, and stops them all in order. Knows pipelines and runs; knows nothing of HTTP.
 */
@NullMarked
package io.millrace.engine.live;

import org.jspecify.annotations.NullMarked;
