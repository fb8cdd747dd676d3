package io.millrace.contract;

import io.millrace.api.Type;

/**
 * A field of records whose type a schema tells.
 *
 * @param path its name; {@code client.app} is field {@code app} of the object {@code client}
 * @param type the SQL type that holds whatever the schema allows there; {@link Type#JSON} where no other does
 * @param nullable whether a record that fits may lack it or have null there
 */
public record SchemaColumn(String path, Type type, boolean nullable) {}
