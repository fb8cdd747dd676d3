package io.millrace.server.gateway;

import io.millrace.formats.JsonText;
import io.millrace.formats.NewlineSearch;
import io.millrace.formats.ReasonCode;
import io.millrace.server.http.Problem;
import io.millrace.server.http.ProblemException;

/** Finds the records in bodies, and makes a line of each, in place. */
final class BodyReader {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private static final int USUAL_RECORD_BYTES = 64;

    private BodyReader() {}

    /**
     * The records of NDJSON: every line that is not blank, as it is. The last one gets its newline where it has none, for
     * which there must be room after the body.
     */
    static Records ndjson(byte[] b, int length, long maxRecordBytes) throws ProblemException {
        int p = afterByteOrderMark(b, length);
        int to = length;
        if (to > p && b[to - 1] != '\n') {
            b[to++] = '\n';
        }
        Records records = new Records(b, 16 + length / USUAL_RECORD_BYTES);
        for (int number = 1; p < to; number++) {
            int newline = NewlineSearch.next(b, p, to);
            if (newline - p > maxRecordBytes) {
                throw new ProblemException(tooLong("line", number, maxRecordBytes));
            }
            if (!blank(b, p, newline)) {
                records.add(p, newline + 1, number);
            }
            p = newline + 1;
        }
        return records;
    }

    private static int afterByteOrderMark(byte[] b, int length) {
        return length >= 3 && java.util.Arrays.equals(b, 0, 3, BYTE_ORDER_MARK, 0, 3) ? 3 : 0;
    }

    private static boolean blank(byte[] b, int from, int to) {
        int p = from;
        while (p < to && (b[p] == ' ' || b[p] == '\t' || b[p] == '\r')) {
            p++;
        }
        return p == to;
    }

    /**
     * The records of JSON: one object, or the elements of one array. Newlines outside of strings become blanks, and the
     * byte after each record a newline; there must be room for one after the body.
     */
    static Records json(JsonText text, byte[] b, int length, long maxRecordBytes) throws ProblemException {
        int start = afterByteOrderMark(b, length);
        text.over(b, length);
        Records records = new Records(b, 1);
        int p = text.space(start);
        if (p < length && b[p] == '[') {
            elements(text, b, p, length, start, records, maxRecordBytes);
        } else if (p < length) {
            int end = text.value(p, 0);
            if (end < 0 || text.end(end) < 0) {
                throw malformed(text, start);
            }
            if (b[p] != '{') {
                throw new ProblemException(Problem.badRequest("byte " + (p - start + 1)
                        + ": expected a JSON object, or an array of them, found another value."));
            }
            add(b, p, end, 1, "record", records, maxRecordBytes);
        }
        return records;
    }

    private static void elements(
            JsonText text, byte[] b, int open, int length, int start, Records records, long maxRecordBytes)
            throws ProblemException {
        int p = text.space(open + 1);
        boolean first = true;
        while (true) {
            if (first && p < length && b[p] == ']') {
                break;
            }
            int end = text.value(p, 1);
            if (end < 0) {
                throw malformed(text, start);
            }
            int after = text.space(end);
            boolean more = after < length && b[after] == ',';
            if (!more && !(after < length && b[after] == ']')) {
                text.malformed(after, "',' or ']'");
                throw malformed(text, start);
            }
            add(b, p, end, records.count() + 1, "element", records, maxRecordBytes);
            if (!more) {
                p = after;
                break;
            }
            p = text.space(after + 1);
            first = false;
        }
        if (text.end(p + 1) < 0) {
            throw malformed(text, start);
        }
    }

    /** The byte at {@code end} is no part of any value: a comma, a bracket, whitespace, or the room after the body. */
    private static void add(byte[] b, int from, int end, int number, String what, Records records, long maxRecordBytes)
            throws ProblemException {
        if (end - from > maxRecordBytes) {
            throw new ProblemException(tooLong(what, number, maxRecordBytes));
        }
        for (int i = from; i < end; i++) {
            if (b[i] == '\n' || b[i] == '\r') {
                b[i] = ' ';
            }
        }
        b[end] = '\n';
        records.add(from, end + 1, number);
    }

    private static ProblemException malformed(JsonText text, int start) {
        ReasonCode code = text.code();
        return new ProblemException(malformed(text.message(start), code.code()));
    }

    static Problem malformed(String message, String code) {
        return new Problem(400, "malformed-json", "The body is not JSON", message + ".").member("code", code);
    }

    static Problem tooLong(String what, int number, long limit) {
        return new Problem(
                        413,
                        "record-too-large",
                        "A record is too large",
                        "The " + what + " " + number + " has more than " + limit + " bytes. Nothing was stored.")
                .member("line", number)
                .member("limit", limit);
    }
}
