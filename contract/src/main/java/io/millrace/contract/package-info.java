/**
 * What a pipeline demands of every record: JSON Schema 2020-12, read from local files, checked on the bytes of a record.
 * Knows the API and the formats, and nothing of pipelines, quarantine or destinations.
 */
@NullMarked
package io.millrace.contract;

import org.jspecify.annotations.NullMarked;
