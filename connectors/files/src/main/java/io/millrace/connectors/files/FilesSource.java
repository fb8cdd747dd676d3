package io.millrace.connectors.files;

import io.millrace.api.Offset;
import io.millrace.api.Projection;
import io.millrace.api.Source;
import io.millrace.api.SourceException;
import io.millrace.api.Split;
import io.millrace.api.SplitReader;
import io.millrace.formats.Format;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The files of one pipeline. Holds what the last listing found, so that a split can be opened by its name. */
final class FilesSource implements Source {
    private final FilesConfig config;
    private final Path folder;
    private final Sizes sizes;
    private final Function<String, Format> formats;
    private final Remarks remarks = new Remarks();
    private final Map<SplitId.Name, Content> listed = new ConcurrentHashMap<>();

    /**
     * @param folder what a relative path is relative to
     * @param formats the format of a file of a name
     */
    FilesSource(FilesConfig config, Path folder, Sizes sizes, Function<String, Format> formats) {
        this.config = config;
        this.folder = folder;
        this.sizes = sizes;
        this.formats = formats;
    }

    @Override
    public List<Split> splits(Map<String, Offset> progress) throws SourceException {
        List<Split> splits = new ArrayList<>();
        for (Content content : contents(progress)) {
            splits.addAll(content.splits(sizes));
        }
        return splits;
    }

    @Override
    public List<Split> whole(Map<String, Offset> progress) throws SourceException {
        List<Split> splits = new ArrayList<>();
        for (Content content : contents(progress)) {
            if (content.rereadable()) {
                splits.addAll(content.whole(sizes));
            } else {
                remarks.add(content.file().name()
                        + " was read in ranges and compressed since: what was read before is not found in it again.");
            }
        }
        return splits;
    }

    private List<Content> contents(Map<String, Offset> progress) throws SourceException {
        Collection<FoundFile> files = FileSearch.find(folder, config.path(), remarks::add);
        List<Content> contents = new Recognition(config, sizes, formats, remarks::add).recognise(files, progress);
        contents.forEach(content -> listed.put(content.lineage().name(), content));
        return contents;
    }

    @Override
    public boolean isBefore(String position, Offset offset) {
        return Long.parseLong(position) < FileOffset.parse(offset).position();
    }

    @Override
    public SplitReader open(Split split, @Nullable Offset from, Projection projection)
            throws IOException, InterruptedException {
        SplitId id = SplitId.parse(split.id());
        Content content = id == null ? null : listed.get(id.lineage());
        if (id == null || content == null) {
            throw new IllegalArgumentException("Split " + split + " is none that splits() returned");
        }
        return new SplitOpening(content, id, from, sizes).open(projection, remarks);
    }

    @Override
    public List<String> remarks() {
        return remarks.all();
    }

    /** Holds no file open: readers do. */
    @Override
    public void close() {}
}
