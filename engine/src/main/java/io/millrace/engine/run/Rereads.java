package io.millrace.engine.run;

import io.millrace.api.Kept;
import io.millrace.api.Projection;
import io.millrace.api.SplitReader;
import java.io.IOException;
import java.util.List;

/** Reads records again that were kept aside, in the form in which their source has them. */
public interface Rereads {

    /** As {@link io.millrace.api.SourceConnector#reread}, for one pipeline. */
    SplitReader reread(String split, List<Kept> records, Projection projection)
            throws IOException, InterruptedException;
}
