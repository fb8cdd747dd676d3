package io.millrace.tests;

import io.millrace.api.Rejection;
import java.util.ArrayList;
import java.util.List;

/** Holds the records in the quarantine against those that are expected there. */
final class QuarantineDiff {

    private QuarantineDiff() {}

    /** @param number which of the given it is, from 1 */
    record Found(int number, Rejection rejection) {}

    /** Lines for a person; none where all is as expected. */
    static List<String> lines(List<TestFile.Refused> expected, List<Found> found) {
        Pairing<TestFile.Refused, Found> pairing =
                Pairing.of(expected, found, (refused, one) -> refused.matches(one.number(), one.rejection()));
        if (pairing.complete()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("quarantine:");
        for (TestFile.Refused missing : pairing.missing()) {
            lines.add("- missing     " + (missing.record() == null ? "" : "record " + missing.record() + ": ")
                    + missing.code()
                    + (missing.field() == null ? "" : " in " + missing.field())
                    + (missing.stage() == null ? "" : " at " + missing.stage().word()));
        }
        for (Found one : pairing.unexpected()) {
            Rejection rejection = one.rejection();
            lines.add("+ unexpected  record " + one.number() + ": " + rejection.code()
                    + (rejection.field() == null ? "" : " in " + rejection.field())
                    + " at " + rejection.stage().word() + ": " + rejection.message());
        }
        return lines;
    }
}
