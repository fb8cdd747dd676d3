package io.millrace.api;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Guesses which known name was meant. */
public final class Nearest {

    private static final int MOST = 3;

    /** What somebody sends is as long as they like; names are not. */
    private static final int MOST_CHARACTERS = 100;

    private Nearest() {}

    /** A question that names the nearest few, with a space before it; empty where none is near. */
    public static String didYouMean(String name, Collection<String> known) {
        if (name.length() > MOST_CHARACTERS) {
            return "";
        }
        int far = Math.max(2, name.length() / 3);
        List<String> near = known.stream()
                .filter(candidate -> slips(name, candidate) <= far)
                .sorted(Comparator.<String>comparingInt(candidate -> slips(name, candidate))
                        .thenComparing(candidate -> candidate))
                .limit(MOST)
                .toList();
        return near.isEmpty() ? "" : " Did you mean " + String.join(" or ", near) + "?";
    }

    private static int slips(String a, String b) {
        return distance(a.toLowerCase(Locale.ROOT), b.toLowerCase(Locale.ROOT));
    }

    /** The known name that is closest, the first of these, if it is close at all: one slip in three letters. Or null. */
    public static @Nullable String to(String name, Collection<String> known) {
        String nearest = null;
        int least = name.length() / 3 + 1;
        for (String candidate : known) {
            if (Math.abs(candidate.length() - name.length()) >= least) {
                continue;
            }
            int distance = slips(name, candidate);
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /**
     * How many slips lie between two texts: insertions, deletions, replacements and swaps of neighbours
     * (Damerau-Levenshtein, optimal string alignment). Case counts.
     */
    public static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
