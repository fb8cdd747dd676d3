package io.millrace.connectors.files;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Names that a person may have meant. */
final class NearNames {
    private static final int MOST = 3;

    private NearNames() {}

    /** A question that names the nearest, with a space before it; empty where none is near. */
    static String didYouMean(String name, Collection<String> candidates) {
        int far = Math.max(2, name.length() / 3);
        List<String> near = candidates.stream()
                .filter(c -> distance(name, c) <= far)
                .sorted(Comparator.<String>comparingInt(c -> distance(name, c)).thenComparing(c -> c))
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
