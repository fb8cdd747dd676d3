/**
 * Pipelines that are fetched over HTTP: keeps a folder here like one that is elsewhere, as long as what comes is good.
 * Knows nothing of how pipelines run.
 */
@NullMarked
package io.millrace.server.remote;

import org.jspecify.annotations.NullMarked;
