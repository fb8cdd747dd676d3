/**
 * PostgreSQL as a destination: rows, progress, quarantine and ledger change in one transaction.
 *
 * <p>This room may use the driver, Flyway and the embedded server; it knows nothing of sources, formats or SQL plans.
 */
@NullMarked
package io.millrace.connectors.postgres;

import org.jspecify.annotations.NullMarked;
