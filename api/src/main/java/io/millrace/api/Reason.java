package io.millrace.api;

/**
 * A kind of reason for which records are put into the quarantine, for the reference and for those who look at them.
 *
 * @param code as {@link Rejection#code()} has it
 * @param stage where it is found
 * @param meaning a sentence for a user
 */
public record Reason(String code, Rejection.Stage stage, String meaning) {}
