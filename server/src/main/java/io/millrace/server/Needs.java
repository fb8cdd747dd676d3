package io.millrace.server;

import io.millrace.connectors.postgres.PostgresConfig;
import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.log.PartitionName;
import io.millrace.server.ops.Notice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What pipelines still need of the log, left beside it where every process on the home folder sees it: none drops what a
 * pipeline of another has not loaded, be that other process alive or not.
 *
 * <pre>
 *   log/.readers/user-revenue-5d41402abc4b.json
 *   {"pipeline":"user-revenue","file":"/srv/pipelines/user-revenue.yaml","stream":"liveEvent","read":{"0-0":12345}}
 * </pre>
 *
 * <p>An entry belongs to what progress is kept under, a pipeline's name and its destination, so that processes that share
 * a pipeline share its entry. Whoever runs it writes it again and again. It goes with the file of the pipeline, or by hand,
 * and never because a process is gone: that may come back. Thread-safe.
 */
final class Needs {

    /** An entry that was not written for so long is of a process that is gone. */
    static final Duration GONE = Duration.ofMinutes(1);

    private static final String ENDING = ".json";
    private static final int ID_BYTES = 6;

    private final Path folder;
    private final int slot;
    private final InstantSource clock;
    private final Consumer<Notice> told;
    private final JsonMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /** What this process has written last. Guarded by this. */
    private final Map<String, Need> left = new HashMap<>();

    /** Entries whose pipeline file was not there at the last look. Guarded by this. */
    private final Set<String> missing = new HashSet<>();

    /** Entries of which something was said. Guarded by this. */
    private final Set<String> mentioned = new HashSet<>();

    /**
     * Makes nothing yet.
     *
     * @param log the folder of the log
     * @param slot of this process in the log
     * @param told hears what an operator should know
     */
    Needs(Path log, int slot, InstantSource clock, Consumer<Notice> told) {
        this.folder = log.resolve(".readers");
        this.slot = slot;
        this.clock = clock;
        this.told = told;
    }

    /**
     * What one pipeline needs.
     *
     * @param id tells it from others; begins the name of its file
     * @param pipeline its name; empty where nobody knows, since its file can't be used
     * @param file where it is written
     * @param stream what it reads; null where nobody knows, so that it may need all streams
     * @param read the offset up to which each partition is loaded, by {@code slot-partition}; all of one that is not named
     *     is needed
     */
    record Need(
            String id, String pipeline, Path file, @Nullable String stream, Map<String, Long> read) {

        /** @param environment in which the pipeline runs */
        static Need of(Pipeline pipeline, String stream, Map<String, Long> read, Map<String, String> environment) {
            String id = pipeline.name() + "-" + digest(pipeline.name() + "\n" + destination(pipeline, environment));
            return new Need(id, pipeline.name(), pipeline.path(), stream, Map.copyOf(read));
        }

        /** Of a file that can't be used: it may be a pipeline that has not loaded everything. */
        static Need unknown(Path file) {
            Path absolute = file.toAbsolutePath();
            return new Need("refused-" + digest(absolute.toString()), "", absolute, null, Map.of());
        }

        /** The lowest offset needed of a partition; {@link Long#MAX_VALUE} where none is. */
        long of(PartitionName partition) {
            if (stream != null && !stream.equals(partition.stream())) {
                return Long.MAX_VALUE;
            }
            return read.getOrDefault(partition.slot() + "-" + partition.partition(), 0L);
        }
    }

    /** An entry as it is written. */
    private record Entry(
            @Nullable String pipeline,
            @Nullable String file,
            @Nullable String stream,
            @Nullable Map<String, Long> read) {}

    /** Tells databases apart. A new password makes no new one. */
    private static String destination(Pipeline pipeline, Map<String, String> environment) {
        Record config = pipeline.file().into().config();
        if (!(config instanceof PostgresConfig postgres)) {
            return config.toString();
        }
        String url = postgres.url() != null
                ? postgres.url()
                : environment.getOrDefault(PostgresDestination.URL_VARIABLE, "");
        return url.replaceFirst("//[^/]*@", "//").replaceFirst("\\?.*", "");
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Leaves what a pipeline needs that is about to start, before it has asked its destination where it stands. */
    synchronized void expect(Need need) throws IOException {
        write(need);
    }

    /**
     * Leaves what the pipelines of this process need.
     *
     * @param own all of it
     */
    synchronized void leave(Collection<Need> own) throws IOException {
        Set<String> ids = new HashSet<>();
        Set<Path> files = new HashSet<>();
        for (Need need : own) {
            ids.add(need.id());
            files.add(need.file());
            write(need);
        }
        for (Need before : List.copyOf(left.values())) {
            if (!ids.contains(before.id())) {
                if (files.contains(before.file())) {
                    // The file says something else now, and what it said is not wanted any more.
                    Files.deleteIfExists(entry(before.id()));
                }
                left.remove(before.id());
            }
        }
    }

    private void write(Need need) throws IOException {
        Path entry = entry(need.id());
        boolean isNew = !Files.exists(entry);
        if (isNew || !need.equals(left.get(need.id()))) {
            Files.createDirectories(folder);
            byte[] content = json.writeValueAsBytes(
                    new Entry(need.pipeline(), need.file().toString(), need.stream(), new TreeMap<>(need.read())));
            Path unfinished = folder.resolve(need.id() + "." + slot + ".new");
            try (FileChannel channel = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                if (isNew) {
                    // What a power failure may bring back of an entry that was there is older, and needs more.
                    channel.force(true);
                }
            }
            Files.move(unfinished, entry, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (isNew) {
                try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                    names.force(true);
                }
            }
            left.put(need.id(), need);
        }
        Files.setLastModifiedTime(entry, FileTime.from(clock.instant()));
    }

    /**
     * What others need, who have left it here. Entries of pipelines that are removed go.
     *
     * @param own what is known without asking
     * @throws IOException where that can't be read: nothing is known then
     */
    synchronized List<Need> others(Collection<Need> own) throws IOException {
        List<Need> others = new ArrayList<>();
        Set<String> ids = own.stream().map(Need::id).collect(Collectors.toSet());
        Set<String> there = new HashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + ENDING)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                String id = name.substring(0, name.length() - ENDING.length());
                there.add(id);
                if (!ids.contains(id)) {
                    look(id, entry, others);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        missing.retainAll(there);
        mentioned.retainAll(there);
        return others;
    }

    private void look(String id, Path entry, List<Need> others) throws IOException {
        try {
            Need need = read(id, entry);
            if (isRemoved(need, Files.getLastModifiedTime(entry).toInstant())) {
                Files.deleteIfExists(entry);
            } else {
                others.add(need);
            }
        } catch (NoSuchFileException e) {
            // Another process has found its pipeline removed.
            missing.remove(id);
        }
    }

    private Need read(String id, Path entry) throws IOException {
        byte[] content = Files.readAllBytes(entry);
        try {
            Entry in = json.readValue(content, Entry.class);
            if (in == null || in.pipeline() == null || in.file() == null || in.read() == null) {
                throw new IllegalArgumentException("something is null");
            }
            return new Need(id, in.pipeline(), Path.of(in.file()), in.stream(), new TreeMap<>(in.read()));
        } catch (JacksonException | IllegalArgumentException e) {
            mention(
                    id,
                    "The log keeps everything: " + entry + " should say what a pipeline has read of it, and does not."
                            + " Remove that file where no pipeline needs the log");
            return new Need(id, "", entry, null, Map.of());
        }
    }

    private boolean isRemoved(Need need, Instant written) {
        String id = need.id();
        if (written.plus(GONE).isAfter(clock.instant())) {
            missing.remove(id);
            return false;
        }
        if (need.stream() == null
                && left.values().stream().anyMatch(own -> own.file().equals(need.file()))) {
            // It could not be used then, and runs here now.
            return true;
        }
        if (Files.notExists(need.file())) {
            // Seen twice: an editor may put a new file in the place of the old.
            return !missing.add(id);
        }
        missing.remove(id);
        mention(
                id,
                "The log keeps what " + (need.pipeline().isEmpty() ? "" : "the pipeline " + need.pipeline() + " in ")
                        + need.file() + " has not loaded, though no process runs it now. Where it will not run again,"
                        + " remove " + entry(id));
        return false;
    }

    private void mention(String id, String message) {
        if (mentioned.add(id)) {
            told.accept(Notice.warning("log.kept", message + "."));
        }
    }

    private Path entry(String id) {
        return folder.resolve(id + ENDING);
    }
}
