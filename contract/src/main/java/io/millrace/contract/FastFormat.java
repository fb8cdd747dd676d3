package io.millrace.contract;

import org.jspecify.annotations.Nullable;

/**
 * Formats whose plainest texts are known on sight. Each says only that a text fits for certain; whatever is unusual about one,
 * a leap second or a quoted mailbox, is left to the library.
 */
enum FastFormat {
    DATE {
        @Override
        boolean fits(byte[] b, int from, int to) {
            return to - from == DATE_LENGTH && date(b, from);
        }
    },
    DATE_TIME {
        @Override
        boolean fits(byte[] b, int from, int to) {
            int length = to - from;
            if (length < DATE_LENGTH + 10 || !date(b, from) || b[from + DATE_LENGTH] != 'T') {
                return false;
            }
            int p = time(b, from + DATE_LENGTH + 1);
            if (p < 0) {
                return false;
            }
            if (b[p] == '.') {
                int digits = ++p;
                while (p < to && digit(b[p])) {
                    p++;
                }
                if (p == digits || p == to) {
                    return false;
                }
            }
            return b[p] == 'Z' ? p + 1 == to : (b[p] == '+' || b[p] == '-') && offset(b, p + 1, to);
        }

        private int time(byte[] b, int p) {
            boolean fits = number(b, p, 23)
                    && b[p + 2] == ':'
                    && number(b, p + 3, 59)
                    && b[p + 5] == ':'
                    && number(b, p + 6, 59);
            return fits ? p + 8 : -1;
        }

        private boolean offset(byte[] b, int p, int to) {
            return p + 5 == to && number(b, p, 23) && b[p + 2] == ':' && number(b, p + 3, 59);
        }
    },
    UUID {
        @Override
        boolean fits(byte[] b, int from, int to) {
            if (to - from != 36) {
                return false;
            }
            for (int i = 0; i < 36; i++) {
                byte c = b[from + i];
                boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
                if (dash ? c != '-' : !(digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) {
                    return false;
                }
            }
            return true;
        }
    },
    EMAIL {
        @Override
        boolean fits(byte[] b, int from, int to) {
            int at = -1;
            for (int p = from; p < to; p++) {
                if (b[p] == '@') {
                    if (at >= 0) {
                        return false;
                    }
                    at = p;
                }
            }
            return at > from && at - from <= 64 && local(b, from, at) && domain(b, at + 1, to);
        }

        private boolean local(byte[] b, int from, int to) {
            byte before = '.';
            for (int p = from; p < to; p++) {
                byte c = b[p];
                if (c == '.' ? before == '.' : !(letterOrDigit(c) || c == '_' || c == '-' || c == '+')) {
                    return false;
                }
                before = c;
            }
            return before != '.';
        }

        // Labels of letters and digits, at least two, the last of letters alone.
        private boolean domain(byte[] b, int from, int to) {
            int label = from;
            int labels = 0;
            for (int p = from; p <= to; p++) {
                if (p == to || b[p] == '.') {
                    if (p == label || p - label > 63) {
                        return false;
                    }
                    labels++;
                    label = p + 1;
                } else if (!letterOrDigit(b[p])) {
                    return false;
                }
            }
            int last = to - 1;
            while (b[last] != '.' && !digit(b[last]) && last > from) {
                last--;
            }
            return labels >= 2 && b[last] == '.' && to - from <= 200 && to - last > 2;
        }
    },
    IPV4 {
        @Override
        boolean fits(byte[] b, int from, int to) {
            int parts = 0;
            int p = from;
            while (p < to) {
                int start = p;
                int value = 0;
                while (p < to && p - start < 3 && digit(b[p])) {
                    value = value * 10 + b[p++] - '0';
                }
                if (p == start || value > 255 || (b[start] == '0' && p - start > 1)) {
                    return false;
                }
                parts++;
                if (p < to && (b[p++] != '.' || p == to)) {
                    return false;
                }
            }
            return parts == 4;
        }
    };

    private static final int DATE_LENGTH = 10;
    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    /** The format of a name; null where it is left to the library. */
    static @Nullable FastFormat of(String name) {
        return switch (name) {
            case "date" -> DATE;
            case "date-time" -> DATE_TIME;
            case "uuid" -> UUID;
            case "email" -> EMAIL;
            case "ipv4" -> IPV4;
            default -> null;
        };
    }

    /** Whether the text {@code b[from..to)}, which has no escapes, is of the format for certain. */
    abstract boolean fits(byte[] b, int from, int to);

    private static boolean date(byte[] b, int p) {
        if (!digit(b[p]) || !digit(b[p + 1]) || !digit(b[p + 2]) || !digit(b[p + 3])) {
            return false;
        }
        if (b[p + 4] != '-' || b[p + 7] != '-' || !number(b, p + 5, 12) || !number(b, p + 8, 31)) {
            return false;
        }
        int year = two(b, p) * 100 + two(b, p + 2);
        int month = two(b, p + 5);
        int day = two(b, p + 8);
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return month > 0 && day > 0 && day <= DAYS[month - 1] + (month == 2 && leap ? 1 : 0);
    }

    /** Whether two digits make a number that is not greater. */
    private static boolean number(byte[] b, int p, int most) {
        return digit(b[p]) && digit(b[p + 1]) && two(b, p) <= most;
    }

    private static int two(byte[] b, int p) {
        return (b[p] - '0') * 10 + b[p + 1] - '0';
    }

    private static boolean digit(byte c) {
        return c >= '0' && c <= '9';
    }

    private static boolean letterOrDigit(byte c) {
        return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
