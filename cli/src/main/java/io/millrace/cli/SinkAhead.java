package io.millrace.cli;

import io.millrace.api.Sink;
import io.millrace.api.SinkConnector;
import io.millrace.api.SinkException;
import io.millrace.engine.pipeline.PipelineFile;
import io.millrace.engine.pipeline.PipelineLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Starts the server and connects to it while the query is compiled, which takes about as long. Used by one thread, which
 * closes it.
 */
final class SinkAhead implements PipelineLoader.Ahead, AutoCloseable {

    private final Path home;
    private final Map<String, String> environment;
    private @Nullable FutureTask<Sink> opening;

    SinkAhead(Path home, Map<String, String> environment) {
        this.home = home;
        this.environment = environment;
    }

    @Override
    public void destination(String pipeline, PipelineFile.Into<?> into) {
        SinkConnector.Context context = new SinkConnector.Context(pipeline, home, environment);
        FutureTask<Sink> task = new FutureTask<>(() -> reached(into.open(context)));
        opening = task;
        Thread.ofPlatform().name("destination").daemon().start(task);
    }

    private static Sink reached(Sink sink) throws InterruptedException {
        boolean reached = false;
        try {
            sink.progress();
            reached = true;
        } catch (SinkException e) {
            // The run asks again: it waits where that helps, and else says what is wrong.
            reached = true;
        } finally {
            if (!reached) {
                sink.close();
            }
        }
        return sink;
    }

    /** The destination of the pipeline that was loaded. Closed with this. */
    Sink sink() throws SinkException, InterruptedException {
        FutureTask<Sink> task = opening;
        if (task == null) {
            throw new IllegalStateException("no destination is known yet");
        }
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case SinkException refused -> throw refused;
                case InterruptedException interrupted -> throw interrupted;
                case RuntimeException broken -> throw broken;
                case Error broken -> throw broken;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    /** Waits for the opening, which is brief and can't be broken off half way. */
    @Override
    public void close() {
        FutureTask<Sink> task = opening;
        opening = null;
        boolean interrupted = false;
        while (task != null) {
            try {
                task.get().close();
                task = null;
            } catch (ExecutionException e) {
                // Where it matters sink() has thrown it; with a pipeline that is not valid it does not.
                task = null;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
