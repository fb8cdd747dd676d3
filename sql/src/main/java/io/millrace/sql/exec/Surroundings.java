package io.millrace.sql.exec;

import io.millrace.api.RecordBatch;

/**
 * What is known about the records of a batch besides their fields.
 *
 * @param split the id of the split they come from: {@code _source}
 * @param origin tells the position of a row, {@code _offset}, when it was received, {@code _received_at}, and who sent it,
 *     {@code _client}. Asked only where the query reads them
 * @param readAtMicros when they were read, in microseconds since 1970 UTC: {@code _received_at} where the origin does not
 *     tell
 */
public record Surroundings(String split, RecordBatch.Origin origin, long readAtMicros) {}
