package io.millrace.engine.live;

import io.millrace.engine.pipeline.Loaded;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.pipeline.PipelineLoader;
import io.millrace.engine.yaml.Problem;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs every pipeline of a folder, or one, and follows the files: a new one is started, a changed one is checked and then
 * takes the place of the old, which goes on where the new one is refused, and one whose file is gone is stopped.
 *
 * <p>A pipeline file is called {@code *.yaml} or {@code *.yml}; {@code *.test.yaml} and {@code millrace.yaml} are not.
 *
 * <p>Thread-safe.
 */
public final class PipelineFolder implements AutoCloseable {

    /** How long a pipeline may take to commit what it has read before it is broken off. */
    private static final Duration STOP = Duration.ofSeconds(8);

    private final Path folder;
    private final PipelineLoader loader;
    private final LiveOptions options;
    private final LiveListener listener;
    private final Repeating watcher;

    /** What is known of each file. Guarded by this. */
    private final Map<Path, Known> files = new TreeMap<>();

    /** What others may see without waiting for a pipeline that is being stopped. */
    private record Standing(List<LivePipeline> running, Map<Path, List<Problem>> refused) {}

    /** Why the files can't be looked at, by the last try; null where they can. */
    private volatile @Nullable String unreadable;

    /** Replaced with the lock held. */
    private volatile Standing standing = new Standing(List.of(), Map.of());

    /** A file as it was when it was last looked at, and what runs because of it. */
    private record Known(
            Stamp stamp, Map<Path, Stamp> besides, @Nullable LivePipeline running, List<Problem> problems) {
        /** Whether it is still as it was, and so are the files that it depends on. */
        boolean same(Stamp now) throws IOException {
            return stamp.equals(now) && besides.equals(stamps(besides.keySet()));
        }
    }

    /** Changes when a file does. */
    private record Stamp(long modified, long size, @Nullable Object key) {
        static final Stamp MISSING = new Stamp(0, -1, null);
    }

    /** @param folder a folder of pipeline files, or one pipeline file */
    public PipelineFolder(Path folder, PipelineLoader loader, LiveOptions options, LiveListener listener) {
        this.folder = folder;
        this.loader = loader;
        this.options = options;
        this.listener = listener;
        this.watcher = new Repeating("pipeline-folder", options.lookEvery(), this::watch);
    }

    /**
     * Starts what is there, and begins to follow the files.
     *
     * @throws IOException where the folder can't be read
     */
    public void start() throws IOException {
        look();
        watcher.start();
    }

    /** How the pipelines that run do, by name. */
    public List<PipelineStatus> statuses() {
        return standing.running().stream().map(LivePipeline::status).toList();
    }

    /** The pipelines that run, by name. */
    public List<Pipeline> pipelines() {
        return standing.running().stream().map(LivePipeline::pipeline).toList();
    }

    /** What is wrong with files that can't be used as they are now, by file. */
    public Map<Path, List<Problem>> refused() {
        return standing.refused();
    }

    /** Why the folder can't be read now, so that changes are not seen; empty where it can. */
    public Optional<String> unreadable() {
        return Optional.ofNullable(unreadable);
    }

    /** Called with the lock held, after a change to {@link #files}. */
    private void show() {
        List<LivePipeline> running = new ArrayList<>();
        Map<Path, List<Problem>> refused = new TreeMap<>();
        files.forEach((file, known) -> {
            if (known.running() != null) {
                running.add(known.running());
            }
            if (!known.problems().isEmpty()) {
                refused.put(file, known.problems());
            }
        });
        running.sort(Comparator.comparing(live -> live.pipeline().name()));
        standing = new Standing(List.copyOf(running), Collections.unmodifiableMap(refused));
    }

    private void watch() {
        try {
            look();
            unreadable = null;
        } catch (IOException e) {
            // A folder that can't be read for now, on a network disk for instance: what runs goes on.
            String why = e.getClass().getSimpleName() + ": " + e.getMessage();
            if (!why.equals(unreadable)) {
                unreadable = why;
                System.getLogger(PipelineFolder.class.getName())
                        .log(System.Logger.Level.WARNING, folder + " could not be read: " + why);
            }
        }
    }

    /** Looks once at all files. */
    synchronized void look() throws IOException {
        Map<Path, Stamp> there = list();
        boolean changed = false;
        for (Path file : Set.copyOf(files.keySet())) {
            if (!there.containsKey(file)) {
                Known gone = files.remove(file);
                changed |= gone != null && stop(gone.running());
            }
        }
        for (Map.Entry<Path, Stamp> entry : there.entrySet()) {
            Known known = files.get(entry.getKey());
            if (known == null || !known.same(entry.getValue())) {
                changed |= take(entry.getKey(), entry.getValue(), known == null ? null : known.running());
            }
        }
        show();
        if (changed) {
            listener.changed(pipelines());
        }
    }

    /** Checks a file that is new or has changed; true where another pipeline runs than before. */
    private boolean take(Path file, Stamp stamp, @Nullable LivePipeline old) throws IOException {
        List<Problem> problems;
        Loaded loaded = loader.load(file, options.set(), options.environment());
        // A file that has changed in between has another stamp at the next look.
        Map<Path, Stamp> besides = stamps(loaded.besides());
        switch (loaded) {
            case Loaded.Invalid invalid -> problems = invalid.problems();
            case Loaded.Ok(Pipeline pipeline) -> {
                problems = nameTaken(file, pipeline);
                if (problems.isEmpty()) {
                    if (old != null && !old.halted() && old.pipeline().equals(pipeline)) {
                        files.put(file, new Known(stamp, besides, old, List.of()));
                        return false;
                    }
                    stop(old);
                    LivePipeline started = new LivePipeline(pipeline, options, listener);
                    files.put(file, new Known(stamp, besides, started, List.of()));
                    started.start();
                    return true;
                }
            }
        }
        files.put(file, new Known(stamp, besides, old, problems));
        listener.refused(file, problems, old != null);
        return false;
    }

    private List<Problem> nameTaken(Path file, Pipeline pipeline) {
        for (Map.Entry<Path, Known> other : files.entrySet()) {
            LivePipeline running = other.getValue().running();
            if (running != null
                    && !other.getKey().equals(file)
                    && running.pipeline().name().equals(pipeline.name())) {
                return List.of(new Problem(
                        file.toString(),
                        0,
                        0,
                        "the pipeline \"" + pipeline.name() + "\" is in "
                                + other.getKey().getFileName() + " already: give one of them another name",
                        ""));
            }
        }
        return List.of();
    }

    private boolean stop(@Nullable LivePipeline running) {
        if (running == null) {
            return false;
        }
        running.awaitStop(STOP);
        return true;
    }

    private Map<Path, Stamp> list() throws IOException {
        Map<Path, Stamp> there = stamps(files(folder));
        there.values().removeIf(stamp -> stamp.equals(Stamp.MISSING));
        return there;
    }

    /** Files as they are now. */
    private static Map<Path, Stamp> stamps(Collection<Path> files) throws IOException {
        Map<Path, Stamp> stamps = new HashMap<>();
        for (Path file : files) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.put(
                        file,
                        new Stamp(attributes.lastModifiedTime().toMillis(), attributes.size(), attributes.fileKey()));
            } catch (NoSuchFileException e) {
                // Gone since it was listed, or not there yet.
                stamps.put(file, Stamp.MISSING);
            }
        }
        return stamps;
    }

    /**
     * The pipeline files of a folder, or the one that it is itself.
     *
     * @throws IOException where the folder can't be read
     */
    public static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, PipelineFolder::isPipelineFile)) {
            entries.forEach(files::add);
        } catch (NotDirectoryException e) {
            files.add(folder);
        }
        return files;
    }

    private static boolean isPipelineFile(Path file) {
        String name = file.getFileName().toString();
        return (name.endsWith(".yaml") || name.endsWith(".yml"))
                && !name.startsWith(".")
                && !name.endsWith(".test.yaml")
                && !name.equals("millrace.yaml")
                && Files.isRegularFile(file);
    }

    /** Stops all pipelines, side by side; each commits what it has read. */
    @Override
    public void close() {
        watcher.close();
        synchronized (this) {
            List<LivePipeline> running = standing.running();
            running.forEach(LivePipeline::requestStop);
            running.forEach(live -> live.awaitStop(STOP));
            files.clear();
            show();
        }
    }
}
