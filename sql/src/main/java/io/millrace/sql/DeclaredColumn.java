package io.millrace.sql;

import io.millrace.api.Type;

/**
 * A field of the input whose type is declared.
 *
 * @param path its name, case-sensitive; {@code client.app} is a field of the object {@code client}
 * @param type what it holds
 * @param nullable whether it may be null or missing
 */
public record DeclaredColumn(String path, Type type, boolean nullable) {}
