package io.millrace.engine.run;

import io.millrace.api.Kept;
import java.io.IOException;
import java.util.List;

/** Mends records before they are put through again. Used by one thread. */
public interface Edit {

    /** What came of an edit. */
    sealed interface Edited {

        /** @param bytes the record as it is now, on one line */
        record Mended(byte[] bytes) implements Edited {}

        /** @param why what the edit needs and the record has not, without values of the record */
        record Unfit(String why) implements Edited {}
    }

    /**
     * Mends records of a split.
     *
     * @return what came of each, in their order
     */
    List<Edited> apply(String split, List<Kept> records) throws IOException, InterruptedException;
}
