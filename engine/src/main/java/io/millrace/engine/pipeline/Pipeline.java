package io.millrace.engine.pipeline;

import io.millrace.api.Kept;
import io.millrace.api.Projection;
import io.millrace.api.Source;
import io.millrace.api.SourceConnector;
import io.millrace.api.SourceException;
import io.millrace.api.SplitReader;
import io.millrace.api.TableShape;
import io.millrace.sql.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A pipeline that can run, as far as can be told without connecting to anything. Immutable.
 *
 * @param file what the pipeline file says, parameters resolved
 * @param path the file, absolute
 * @param plan what the query means
 * @param shape the table that it fills: a column for each of the plan's outputs, in their order
 * @param lanes how many lanes to run side by side, at least 1
 */
public record Pipeline(PipelineFile file, Path path, Plan plan, TableShape shape, int lanes) {

    /** The name under which progress is kept. */
    public String name() {
        return file.pipeline();
    }

    /** The name of the table at the destination. */
    public String table() {
        return file.into().target().table();
    }

    /** The fields of a record that the query reads. */
    public Projection input() {
        return plan.input();
    }

    public PipelineFile.Commit commit() {
        return file.commit();
    }

    /**
     * Opens the source; paths in its settings are relative to the folder of the pipeline file.
     *
     * @param home where Millrace keeps everything of its own
     */
    public Source openSource(Path home) throws SourceException {
        return file.from().open(context(home));
    }

    /** Reads records again that were kept aside, as {@link SourceConnector#reread} does. */
    public SplitReader reread(Path home, String split, List<Kept> records, Projection projection)
            throws IOException, InterruptedException {
        return file.from().reread(context(home), split, records, projection);
    }

    private SourceConnector.Context context(Path home) {
        Path folder = path.getParent();
        return new SourceConnector.Context(name(), folder == null ? path : folder, home);
    }
}
