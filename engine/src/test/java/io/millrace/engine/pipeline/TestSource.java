package io.millrace.engine.pipeline;

import io.millrace.api.Doc;
import io.millrace.api.Offset;
import io.millrace.api.Projection;
import io.millrace.api.Source;
import io.millrace.api.SourceConnector;
import io.millrace.api.Split;
import io.millrace.api.SplitReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A source that says which path it was opened for and has no splits. */
public final class TestSource implements SourceConnector<TestSource.Config> {

    enum Layout {
        NDJSON,
        CSV,
        FIXED_WIDTH
    }

    record Csv(
            @Doc(value = "Between two values.", byDefault = "','")
            char delimiter,

            @Doc(value = "Whether the first line names the columns.", byDefault = "true")
            boolean header) {}

    record Config(
            @Doc("The file, or a pattern such as `events/*.jsonl`. Relative to the pipeline file.")
            String path,

            @Doc(value = "How records are written.", byDefault = "ndjson")
            Layout format,

            @Doc("Only with `format: csv`.") @Nullable Csv csv) {}

    @Override
    public String name() {
        return "files";
    }

    @Override
    public Class<Config> config() {
        return Config.class;
    }

    @Override
    public List<Problem> lint(Config config) {
        List<Problem> problems = new ArrayList<>();
        if (config.path().endsWith(".exe")) {
            problems.add(new Problem("path", "\"" + config.path() + "\" is a program"));
        }
        if (config.csv() != null && config.csv().delimiter() == '"') {
            problems.add(new Problem("csv.delimiter", "a quote can't stand between values"));
        }
        return problems;
    }

    @Override
    public boolean keysMaySpanSplits(Config config) {
        return config.path().contains("*");
    }

    @Override
    public Source open(Config config, Context context) {
        return new Opened(context.folder().resolve(config.path()));
    }

    record Opened(Path path) implements Source {
        @Override
        public List<Split> splits(Map<String, Offset> progress) {
            return List.of();
        }

        @Override
        public SplitReader open(Split split, @Nullable Offset from, Projection projection) {
            throw new UnsupportedOperationException("This source has no splits");
        }

        @Override
        public List<String> remarks() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
