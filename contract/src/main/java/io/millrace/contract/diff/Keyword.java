package io.millrace.contract.diff;

/**
 * A keyword of the new schema that is being looked at.
 *
 * @param oldPointer where the old schema speaks of the same thing, or of the same value
 * @param newPointer where the keyword is
 * @param at the place in the record
 * @param proof what is told of it
 */
record Keyword(String oldPointer, String newPointer, String at, Proof proof) {

    /**
     * A record that fitted does not fit any more.
     *
     * @param unsure whether there may be something in the old schema that keeps such records out
     * @param change what changed
     * @param example goes on after {@code a record whose /a/b}
     */
    void breaks(boolean unsure, String change, String example) {
        proof.add(new Finding(
                unsure ? Finding.Kind.CANT_TELL : Finding.Kind.BREAKS,
                oldPointer,
                newPointer,
                change,
                (at.isEmpty() ? "a record that " : "a record whose " + at + " ") + example));
    }

    void unknown(String why) {
        proof.add(new Finding(Finding.Kind.CANT_TELL, oldPointer, newPointer, why, ""));
    }
}
