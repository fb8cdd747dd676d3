package io.millrace.contract;

import org.jspecify.annotations.Nullable;

/**
 * Punycode (RFC 3492) without what {@link java.net.IDN} does besides: that follows the rules of 2003, which fold letters
 * that have been letters of their own since 2010.
 */
final class Punycode {

    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int FIRST = 0x80;

    private Punycode() {}

    /** What an encoded label (without {@code xn--}, at most 63 characters) stands for; null where it is not canonical. */
    static @Nullable String decode(String encoded) {
        int delimiter = encoded.lastIndexOf('-');
        String text = delimiter > 0 ? encoded.substring(0, delimiter) : "";
        int p = delimiter > 0 ? delimiter + 1 : 0;
        int[] points = new int[encoded.length()];
        int length = text.length();
        for (int i = 0; i < length; i++) {
            points[i] = text.charAt(i);
        }
        int point = FIRST;
        int bias = 72;
        int at = 0;
        while (p < encoded.length()) {
            int before = at;
            long weight = 1;
            long sum = at;
            for (int k = BASE; ; k += BASE) {
                int digit = p < encoded.length() ? digit(encoded.charAt(p++)) : -1;
                if (digit < 0) {
                    return null;
                }
                sum += digit * weight;
                if (sum > Integer.MAX_VALUE) {
                    return null;
                }
                int t = threshold(k, bias);
                if (digit < t) {
                    break;
                }
                weight *= BASE - t;
                if (weight > Integer.MAX_VALUE) {
                    return null;
                }
            }
            length++;
            bias = adapt((int) sum - before, length, before == 0);
            long next = point + sum / length;
            at = (int) (sum % length);
            if (next > Character.MAX_CODE_POINT) {
                return null;
            }
            point = (int) next;
            System.arraycopy(points, at, points, at + 1, length - 1 - at);
            points[at++] = point;
        }
        String decoded = new String(points, 0, length);
        return encode(points, length).equalsIgnoreCase(encoded) ? decoded : null;
    }

    /** Encodes again, to see whether the encoding was the one that there is for the label. */
    private static String encode(int[] points, int length) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            if (points[i] < FIRST) {
                out.append((char) points[i]);
            }
        }
        int basic = out.length();
        int done = basic;
        if (basic > 0) {
            out.append('-');
        }
        int point = FIRST;
        int delta = 0;
        int bias = 72;
        while (done < length) {
            int next = Integer.MAX_VALUE;
            for (int i = 0; i < length; i++) {
                if (points[i] >= point && points[i] < next) {
                    next = points[i];
                }
            }
            delta += (next - point) * (done + 1);
            point = next;
            for (int i = 0; i < length; i++) {
                if (points[i] < point) {
                    delta++;
                } else if (points[i] == point) {
                    int rest = delta;
                    for (int k = BASE; ; k += BASE) {
                        int t = threshold(k, bias);
                        if (rest < t) {
                            break;
                        }
                        out.append(character(t + (rest - t) % (BASE - t)));
                        rest = (rest - t) / (BASE - t);
                    }
                    out.append(character(rest));
                    bias = adapt(delta, done + 1, done == basic);
                    delta = 0;
                    done++;
                }
            }
            delta++;
            point++;
        }
        return out.toString();
    }

    private static int threshold(int k, int bias) {
        return Math.clamp(k - bias, T_MIN, T_MAX);
    }

    private static int adapt(int delta, int length, boolean first) {
        int rest = first ? delta / 700 : delta / 2;
        rest += rest / length;
        int k = 0;
        while (rest > (BASE - T_MIN) * T_MAX / 2) {
            rest /= BASE - T_MIN;
            k += BASE;
        }
        return k + (BASE - T_MIN + 1) * rest / (rest + 38);
    }

    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0' + 26;
        }
        int letter = c | 0x20;
        return letter >= 'a' && letter <= 'z' ? letter - 'a' : -1;
    }

    private static char character(int digit) {
        return (char) (digit < 26 ? 'a' + digit : '0' + digit - 26);
    }
}
