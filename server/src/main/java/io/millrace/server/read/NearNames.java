package io.millrace.server.read;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Names that a caller may have meant. */
final class NearNames {

    private static final int MOST = 3;

    /** What callers send is as long as they like; names are not. */
    private static final int MOST_CHARACTERS = 100;

    private NearNames() {}

    /** A question that names the nearest, with a space before it; empty where none is near. */
    static String didYouMean(String name, Collection<String> known) {
        if (name.length() > MOST_CHARACTERS) {
            return "";
        }
        int far = Math.max(2, name.length() / 3);
        List<String> near = known.stream()
                .filter(candidate -> distance(name, candidate) <= far)
                .sorted(Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                        .thenComparing(candidate -> candidate))
                .limit(MOST)
                .toList();
        return near.isEmpty() ? "" : " Did you mean " + String.join(" or ", near) + "?";
    }

    /** Levenshtein's distance, upper and lower case taken as the same. */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j - 1], row[j]));
            }
        }
        return row[b.length()];
    }
}
