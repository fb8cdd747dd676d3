package io.millrace.contract;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;

/** URIs and IRIs by the grammars of RFC 3986 and RFC 3987. Thread-safe. */
final class Addresses {

    private static final String OTHER = "\\x{a0}-\\x{d7ff}\\x{f900}-\\x{fdcf}\\x{fdf0}-\\x{ffef}"
            + "\\x{10000}-\\x{1fffd}\\x{20000}-\\x{2fffd}\\x{30000}-\\x{3fffd}\\x{40000}-\\x{4fffd}"
            + "\\x{50000}-\\x{5fffd}\\x{60000}-\\x{6fffd}\\x{70000}-\\x{7fffd}\\x{80000}-\\x{8fffd}"
            + "\\x{90000}-\\x{9fffd}\\x{a0000}-\\x{afffd}\\x{b0000}-\\x{bfffd}\\x{c0000}-\\x{cfffd}"
            + "\\x{d0000}-\\x{dfffd}\\x{e1000}-\\x{efffd}";
    private static final String PRIVATE = "\\x{e000}-\\x{f8ff}\\x{f0000}-\\x{ffffd}\\x{100000}-\\x{10fffd}";

    static final Addresses URI = new Addresses("", "");
    static final Addresses IRI = new Addresses(OTHER, PRIVATE);

    private static final Pattern FUTURE = Pattern.compile("[vV][0-9A-Fa-f]+\\.[A-Za-z0-9._~!$&'()*+,;=:\\-]+");
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:[0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])(?:\\.|\\z)){4}");
    private static final Pattern GROUP = Pattern.compile("[0-9A-Fa-f]{1,4}");

    private final Pattern absolute;
    private final Pattern relative;

    private Addresses(String other, String inQuery) {
        String plain = "A-Za-z0-9._~!$&'()*+,;=\\-" + other;
        String segment = any(plain + ":@") + "*";
        String host = "\\[(?P<literal>[^\\]\\[]*)\\]|" + any(plain) + "*";
        String authority = "//(?:" + any(plain + ":") + "*@)?(?:" + host + ")(?::[0-9]*)?(?:/" + segment + ")*";
        String rooted = "/(?:" + any(plain + ":@") + "+(?:/" + segment + ")*)?";
        String rest = "(?:\\?" + any(plain + ":@/?" + inQuery) + "*)?(?:#" + any(plain + ":@/?") + "*)?";
        String rootless = any(plain + ":@") + "+(?:/" + segment + ")*";
        String noScheme = any(plain + "@") + "+(?:/" + segment + ")*";
        absolute = Pattern.compile(
                "[A-Za-z][A-Za-z0-9+.\\-]*:(?:" + authority + "|" + rooted + "|" + rootless + "|)" + rest);
        relative = Pattern.compile("(?:" + authority + "|" + rooted + "|" + noScheme + "|)" + rest);
    }

    private static String any(String characters) {
        return "(?:[" + characters + "]|%[0-9A-Fa-f]{2})";
    }

    /** Whether a text is an address, which may be a relative one if so said. */
    boolean matches(String text, boolean mayBeRelative) {
        return matches(absolute.matcher(text)) || (mayBeRelative && matches(relative.matcher(text)));
    }

    private static boolean matches(Matcher matcher) {
        if (!matcher.matches()) {
            return false;
        }
        String literal = matcher.group("literal");
        return literal == null || FUTURE.matcher(literal).matches() || isIpv6(literal);
    }

    private static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, true) == 8;
        }
        int before = groups(text.substring(0, gap), false);
        int after = groups(text.substring(gap + 2), true);
        return before >= 0 && after >= 0 && before + after < 8;
    }

    /** How many groups of 16 bits there are, the last two perhaps as an IPv4 address; -1 where it is something else. */
    private static int groups(String text, boolean last) {
        if (text.isEmpty()) {
            return 0;
        }
        String[] parts = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            if (GROUP.matcher(parts[i]).matches()) {
                count++;
            } else if (last
                    && i == parts.length - 1
                    && !parts[i].endsWith(".")
                    && IPV4.matcher(parts[i]).matches()) {
                count += 2;
            } else {
                return -1;
            }
        }
        return count;
    }
}
