package io.millrace.contract;

import org.jspecify.annotations.Nullable;

/**
 * Why a record breaks its contract. Immutable.
 *
 * @param pointer the JSON pointer (RFC 6901) of the place in the record, empty for the record as a whole; it has names of
 *     fields, as the record spells them, but never their values
 * @param keyword the keyword of the schema that does not hold, as {@code maxLength}; null where the record could not be
 *     checked at all
 * @param code the reason, from {@link ContractCode} or, for bytes that are not JSON, {@link io.millrace.formats.ReasonCode};
 *     never changes its meaning
 * @param message what was expected and what kind of thing was found, for a person, without values of the record
 */
public record Violation(String pointer, @Nullable String keyword, String code, String message) {}
