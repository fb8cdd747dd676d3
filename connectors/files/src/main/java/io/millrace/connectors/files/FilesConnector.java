package io.millrace.connectors.files;

import io.millrace.api.Kept;
import io.millrace.api.Projection;
import io.millrace.api.Source;
import io.millrace.api.SourceConnector;
import io.millrace.api.SourceException;
import io.millrace.api.Split;
import io.millrace.api.SplitReader;
import io.millrace.connectors.files.FilesConfig.Form;
import io.millrace.formats.Compression;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The {@code files} source. Thread-safe. */
public final class FilesConnector implements SourceConnector<FilesConfig> {
    private static final int LEAST_RECORD_BYTES = 1 << 10;
    private static final int MOST_RECORD_BYTES = 1 << 29;

    @Override
    public String name() {
        return "files";
    }

    @Override
    public Class<FilesConfig> config() {
        return FilesConfig.class;
    }

    @Override
    public String place(FilesConfig config) {
        return config.path();
    }

    @Override
    public List<Problem> lint(FilesConfig config) {
        List<Problem> problems = new ArrayList<>();
        if (config.path().isBlank()) {
            problems.add(new Problem("path", "the path is empty; name a file, or a pattern such as events/*.jsonl"));
        } else if (config.path().indexOf('\0') >= 0) {
            problems.add(new Problem("path", "the path has a NUL character in it, which no file name can have"));
        } else {
            lintFormat(config, problems);
        }
        if (config.maxRecordBytes() < LEAST_RECORD_BYTES || config.maxRecordBytes() > MOST_RECORD_BYTES) {
            problems.add(new Problem(
                    "max_record_bytes",
                    "expected " + LEAST_RECORD_BYTES + " to " + MOST_RECORD_BYTES + ", found "
                            + config.maxRecordBytes()));
        }
        return problems;
    }

    private static void lintFormat(FilesConfig config, List<Problem> problems) {
        try {
            PathPattern.of(config.path());
        } catch (IllegalArgumentException e) {
            problems.add(new Problem("path", e.getMessage() + "; use * instead, or several pipelines"));
        }
        FilesConfig.Csv csv = config.csv();
        if (csv != null && config.format() == Form.NDJSON) {
            problems.add(new Problem("csv", "these are options of CSV, and format says ndjson; leave one of them out"));
        } else if (csv != null && csv.quote().length() > 1) {
            problems.add(new Problem("csv.quote", "expected one character, or '' for none"));
        } else if (csv != null) {
            try {
                new FilesConfig(config.path(), Form.CSV, csv, config.compression(), config.maxRecordBytes())
                        .formatOf(config.path());
            } catch (IllegalArgumentException e) {
                problems.add(new Problem("csv", String.valueOf(e.getMessage())));
            }
        }
    }

    /**
     * True, with one exception: big files are read in ranges by several lanes, and several files by as many, so that no
     * order between two rows of one key is known. Only a single file that is read from its beginning to its end by one
     * lane has an order: one that is compressed, by what the config or its name says, or CSV with quotes.
     */
    @Override
    public boolean keysMaySpanSplits(FilesConfig config) {
        Compression told = config.toldCompression();
        Compression compression = told != null ? told : Compression.of(config.path(), new byte[0]);
        boolean readAsOne = compression != Compression.NONE
                || !config.formatOf(config.path()).splittable();
        return PathPattern.isPattern(config.path()) || !readAsOne;
    }

    /** Opens each file and reads its first records, as a first run would. */
    @Override
    public List<Problem> check(FilesConfig config, Projection input, Context context) throws InterruptedException {
        List<Problem> problems = new ArrayList<>();
        try (Source source = open(config, context)) {
            Set<SplitId.Name> opened = new HashSet<>();
            for (Split split : source.splits(Map.of())) {
                SplitId id = SplitId.parse(split.id());
                if (id != null && opened.add(id.lineage())) {
                    try (SplitReader reader = source.open(split, null, input)) {
                        reader.next();
                    } catch (IOException e) {
                        problems.add(new Problem("path", String.valueOf(e.getMessage())));
                    }
                }
            }
        } catch (IOException e) {
            problems.add(new Problem("path", String.valueOf(e.getMessage())));
        }
        return problems;
    }

    @Override
    public Source open(FilesConfig config, Context context) throws SourceException {
        List<Problem> problems = lint(config);
        if (!problems.isEmpty()) {
            throw new SourceException("files: " + problems.getFirst().key() + ": "
                    + problems.getFirst().message());
        }
        return new FilesSource(
                config, context.folder().toAbsolutePath(), Sizes.of(config.maxRecordBytes()), config::formatOf);
    }

    @Override
    public SplitReader reread(
            FilesConfig config, Context context, String split, List<Kept> records, Projection projection)
            throws IOException {
        return new Rereading(config, context.folder().toAbsolutePath(), Sizes.of(config.maxRecordBytes()))
                .open(split, records, projection);
    }

    @Override
    public boolean json(FilesConfig config, String split) {
        return config.formOf(Rereading.file(split)) == Form.NDJSON;
    }
}
