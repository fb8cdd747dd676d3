package io.millrace.contract.diff;

/**
 * One reason why a new schema may not take all that the old one took. Immutable.
 *
 * @param kind how sure it is
 * @param oldPointer the JSON pointer of the place in the old schema, empty for the schema as a whole
 * @param newPointer the JSON pointer of the place in the new schema
 * @param change what changed there, for a person
 * @param example which kind of record is taken by the old schema and not by the new one, for a person
 */
public record Finding(Kind kind, String oldPointer, String newPointer, String change, String example) {

    /** How sure a finding is. */
    public enum Kind {
        /** Records of that kind fit the old schema and not the new one. */
        BREAKS,
        /** There is something that is not understood well enough to say. */
        CANT_TELL
    }
}
