/**
 * A destination in memory for pipelines under test: rows are brought together, refused and accounted for exactly as
 * PostgreSQL does it, which a property test holds it to.
 *
 * <p>This room may use nothing but the API. Pipeline files can't name it: it is opened by code.
 */
@NullMarked
package io.millrace.connectors.memory;

import org.jspecify.annotations.NullMarked;
