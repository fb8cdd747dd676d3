package io.millrace.connectors.files;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a split: {@code logs/events.jsonl#3} is range 3 of that file, {@code events.csv.gz#all} a file that is
 * read as one, {@code events.jsonl~2#0} the beginning of what replaced the first content of events.jsonl.
 *
 * @param lineage the content that it is part of
 * @param range the range, or {@link #WHOLE}
 */
record SplitId(Name lineage, long range) {
    static final long WHOLE = -1;

    private static final Pattern TEXT =
            Pattern.compile("(.+?)(?:~([1-9][0-9]{0,8}))?#(all|[0-9]{1,12})", Pattern.DOTALL);
    private static final Pattern LOOKS_LIKE_A_GENERATION = Pattern.compile(".*~[1-9][0-9]{0,8}", Pattern.DOTALL);

    /**
     * The name of one content: what a file held from when it was first seen until it was replaced.
     *
     * @param file the name of the file when its content was first seen
     * @param generation from 1; one more whenever the file of that name is seen with other content
     */
    record Name(String file, int generation) {
        @Override
        public String toString() {
            // A file that is itself called events~2 always says its generation, so that no two names read the same.
            boolean say =
                    generation > 1 || LOOKS_LIKE_A_GENERATION.matcher(file).matches();
            return say ? file + "~" + generation : file;
        }
    }

    /** The split of this name, or null where it is not a name that this source gives. */
    static @Nullable SplitId parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String generation = matcher.group(2);
        String range = matcher.group(3);
        Name name = new Name(matcher.group(1), generation == null ? 1 : Integer.parseInt(generation));
        return new SplitId(name, range.equals("all") ? WHOLE : Long.parseLong(range));
    }

    @Override
    public String toString() {
        return lineage + "#" + (range == WHOLE ? "all" : Long.toString(range));
    }
}
