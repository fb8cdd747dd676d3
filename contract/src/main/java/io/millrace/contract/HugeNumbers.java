package io.millrace.contract;

/** Finds numbers that would cost more than a record deserves: {@code 1e999999999} is short, its integer is not. */
final class HugeNumbers {

    static final int MAX_EXPONENT_DIGITS = 4;

    private HugeNumbers() {}

    /** Where the first such number is in well-formed JSON; -1 where there is none. */
    static int find(byte[] b, int from, int to) {
        int p = from;
        while (p < to) {
            byte c = b[p];
            if (c == '"') {
                p = afterString(b, p + 1);
            } else if (c == '-' || (c >= '0' && c <= '9')) {
                int start = p;
                int exponent = -1;
                while (p < to && inNumber(b[p])) {
                    if ((b[p] | 0x20) == 'e') {
                        exponent = p + 1;
                    } else if (exponent == p && (b[p] == '+' || b[p] == '-')) {
                        exponent = p + 1;
                    }
                    p++;
                }
                if (p - start > JsonTree.MAX_NUMBER_LENGTH || (exponent >= 0 && p - exponent > MAX_EXPONENT_DIGITS)) {
                    return start;
                }
            } else {
                p++;
            }
        }
        return -1;
    }

    private static int afterString(byte[] b, int p) {
        while (b[p] != '"') {
            p += b[p] == '\\' ? 2 : 1;
        }
        return p + 1;
    }

    private static boolean inNumber(byte c) {
        return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
    }
}
