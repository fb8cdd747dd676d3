package io.millrace.log;

/**
 * A stretch of a partition that can't be trusted.
 *
 * @param partition whose
 * @param offset of its first byte
 * @param length in bytes
 * @param records how many records it held; -1 where that is not known
 * @param reason what was expected and what was found
 */
public record Damage(PartitionName partition, long offset, long length, int records, String reason) {}
