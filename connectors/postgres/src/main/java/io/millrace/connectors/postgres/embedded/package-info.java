/**
 * PostgreSQL 18 as a part of Millrace: unpacked, initialised, started and stopped by us, with its data under the home
 * folder.
 *
 * <p>This room knows processes, files and ports. It knows nothing of pipelines or tables.
 */
@NullMarked
package io.millrace.connectors.postgres.embedded;

import org.jspecify.annotations.NullMarked;
