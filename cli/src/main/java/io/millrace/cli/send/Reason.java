package io.millrace.cli.send;

/**
 * Why records were not sent, without any of what is in them.
 *
 * @param kind the same for what is to be listed together
 * @param text one line for a person
 * @param passing whether the same may be taken another time, as it is
 */
record Reason(String kind, String text, boolean passing) {

    /** One that is listed with all that have the same text. */
    static Reason of(String text, boolean passing) {
        return new Reason(text, text, passing);
    }
}
