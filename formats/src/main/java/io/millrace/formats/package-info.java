/**
 * Bytes into batches: NDJSON and CSV, decoded into only the columns that a query reads, and the compressions they come
 * in. Knows the API and nothing of where bytes come from.
 */
@NullMarked
package io.millrace.formats;

import org.jspecify.annotations.NullMarked;
