package io.millrace.engine.yaml;

import io.millrace.api.Nearest;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the name that was probably meant. */
public final class Names {
    private static final int LONGEST = 60;

    private Names() {}

    /** {@code ; did you mean "table"?} where one name is close, else {@code ; known are "a", "b"}; empty for none. */
    public static String hint(String found, Collection<String> known) {
        String nearest = nearest(found, known);
        if (nearest != null) {
            return "; did you mean \"" + nearest + "\"?";
        }
        return known.isEmpty() ? "" : "; known: " + list(known);
    }

    public static String list(Collection<String> names) {
        return names.stream().map(n -> "\"" + n + "\"").collect(Collectors.joining(", "));
    }

    /** The known name with the fewest slips of the finger between, null where none is near. */
    public static @Nullable String nearest(String found, Collection<String> known) {
        String best = null;
        int fewest = Integer.MAX_VALUE;
        if (found.length() > LONGEST) {
            return null;
        }
        for (String name : known) {
            if (name.length() > LONGEST) {
                continue;
            }
            int slips = Nearest.distance(plain(found), plain(name));
            if (slips <= Math.max(1, Math.min(found.length(), name.length()) / 3) && slips < fewest) {
                fewest = slips;
                best = name;
            }
        }
        return best;
    }

    /** {@code tableName}, {@code table-name} and {@code table_name} are no slips at all. */
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }
}
