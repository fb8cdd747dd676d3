package io.millrace.connectors.files;

import io.millrace.api.Offset;
import io.millrace.api.Projection;
import io.millrace.api.RecordBatch;
import io.millrace.api.Rejection;
import io.millrace.api.Split;
import io.millrace.api.SplitReader;
import io.millrace.api.Type;
import io.millrace.connectors.files.FilesConfig.Compressed;
import io.millrace.formats.Csv;
import io.millrace.formats.Format;
import io.millrace.formats.Ndjson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Drives a source as an engine does: asks for splits, reads them, and keeps the offset of every batch as if it had been
 * committed. Each {@link #run} uses a source of its own, as each run of a pipeline does.
 */
final class Pipe {
    static final Projection ONE_FIELD =
            new Projection(List.of(new Projection.Field(List.of("v"), Type.VARCHAR, true, true)));

    final Path folder;
    final FilesConfig config;
    Sizes sizes = new Sizes(64, 256, 1 << 20);
    int rowsPerBatch = 3;

    /** What a destination would hold. */
    final Map<String, Offset> progress = new HashMap<>();

    final List<String> records = new ArrayList<>();
    final List<Rejection> rejected = new ArrayList<>();
    final Set<String> identities = new HashSet<>();
    List<String> remarks = List.of();
    List<String> splits = List.of();

    Pipe(Path folder, String path) {
        this(folder, new FilesConfig(path, null, null, Compressed.AUTO, 1 << 20));
    }

    Pipe(Path folder, FilesConfig config) {
        this.folder = folder;
        this.config = config;
    }

    FilesSource source() {
        return new FilesSource(config, folder, sizes, name -> switch (config.formatOf(name)) {
            case Csv csv -> new Csv(csv.delimiter(), csv.quote(), csv.header(), csv.columns(), rowsPerBatch, 1 << 10);
            case Format other -> new Ndjson(rowsPerBatch);
        });
    }

    /** Reads all there is; what was read is returned and added to {@link #records}. */
    List<String> run() throws IOException, InterruptedException {
        return run(Integer.MAX_VALUE);
    }

    /** Reads up to so many batches, as if the process had been killed then. */
    List<String> run(int batches) throws IOException, InterruptedException {
        int before = records.size();
        AtomicInteger left = new AtomicInteger(batches);
        try (FilesSource source = source()) {
            try {
                List<Split> found = source.splits(Map.copyOf(progress));
                splits = found.stream().map(Split::id).toList();
                for (Split split : found) {
                    read(source, split, left);
                }
            } finally {
                remarks = source.remarks();
            }
        }
        return List.copyOf(records.subList(before, records.size()));
    }

    /** Reads one split to its end, or until no batch is left. */
    void read(FilesSource source, Split split, AtomicInteger left) throws IOException, InterruptedException {
        if (left.get() <= 0) {
            return;
        }
        try (SplitReader reader = source.open(split, progress.get(split.id()), ONE_FIELD)) {
            while (left.getAndDecrement() > 0) {
                RecordBatch batch = reader.next();
                if (batch == null) {
                    return;
                }
                take(split, batch);
            }
        }
    }

    private void take(Split split, RecordBatch batch) {
        Map<Long, String> ordered = new TreeMap<>();
        for (int row = 0; row < batch.rows().rows(); row++) {
            ordered.put(
                    Long.parseLong(batch.origin().position(row)),
                    new String(batch.origin().raw(row), StandardCharsets.UTF_8));
        }
        for (Rejection rejection : batch.rejected()) {
            ordered.put(Long.parseLong(rejection.position()), new String(rejection.raw(), StandardCharsets.UTF_8));
            rejected.add(rejection);
        }
        ordered.forEach((position, record) -> {
            records.add(record);
            if (!identities.add(split.id() + "@" + position)) {
                throw new AssertionError("Read twice: byte " + position + " of " + split);
            }
        });
        progress.put(split.id(), batch.end());
    }
}
