package io.millrace.engine.live;

import io.millrace.api.Commit;
import io.millrace.api.Sink;
import io.millrace.api.SinkConnector;
import io.millrace.api.SinkException;
import io.millrace.api.Source;
import io.millrace.engine.live.PipelineStatus.State;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.run.Job;
import io.millrace.engine.run.Run;
import io.millrace.engine.run.RunListener;
import io.millrace.engine.run.RunSummary;
import io.millrace.engine.run.ThreadEnd;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One pipeline that is kept running by a thread of its own, until it is stopped. Thread-safe.
 */
final class LivePipeline {

    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** What is read and committed of a pipeline that has not begun. */
    private static final Run.Progress NOTHING_READ = new Run.Progress(0, 0, 0, -1, 0);

    private static final Run.Standing NOTHING_COMMITTED =
            new Run.Standing(Map.of(), Commit.Counts.NONE, 0, Duration.ZERO, List.of());

    private final Pipeline pipeline;
    private final LiveOptions options;
    private final LiveListener listener;
    private final Thread thread;
    private final CountDownLatch stop = new CountDownLatch(1);

    private volatile @Nullable Run run;
    private volatile @Nullable String failure;
    private volatile @Nullable String away;
    private volatile @Nullable String halt;

    LivePipeline(Pipeline pipeline, LiveOptions options, LiveListener listener) {
        this.pipeline = pipeline;
        this.options = options;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("pipeline-" + pipeline.name()).unstarted(this::keepRunning);
    }

    Pipeline pipeline() {
        return pipeline;
    }

    void start() {
        listener.started(pipeline);
        thread.start();
    }

    /** Whether it has ended by itself, since too many records were rejected. */
    boolean halted() {
        return halt != null;
    }

    /** Asks it to stop; what was read is committed first. */
    void requestStop() {
        stop.countDown();
        Run now = run;
        if (now != null) {
            now.stop();
        }
    }

    /**
     * Waits until it has stopped.
     *
     * @param atMost then it is interrupted: what is not committed by then is read again by the next start
     */
    void awaitStop(Duration atMost) {
        requestStop();
        ThreadEnd.await(thread, atMost);
        listener.stopped(pipeline.name());
    }

    PipelineStatus status() {
        Run now = run;
        String failed = failure;
        String waits = away;
        String halted = halt;
        Run.Standing standing = now == null ? NOTHING_COMMITTED : now.standing();
        if (waits == null && !standing.failures().isEmpty()) {
            waits = String.join("; ", standing.failures());
        }
        return new PipelineStatus(
                pipeline.name(),
                pipeline.path(),
                halted != null
                        ? State.HALTED
                        : failed != null ? State.FAILED : waits != null ? State.WAITING : State.RUNNING,
                halted != null ? halted : failed != null ? failed : waits,
                now == null ? NOTHING_READ : now.progress(),
                standing);
    }

    private void keepRunning() {
        Duration wait = FIRST_WAIT;
        while (stop.getCount() > 0) {
            long start = System.nanoTime();
            try {
                runOnce();
                return;
            } catch (InterruptedException e) {
                return;
            } catch (SinkException | IOException e) {
                failed(String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                // A fault of ours in one pipeline must not end the others, and may not come again.
                System.getLogger(LivePipeline.class.getName())
                        .log(System.Logger.Level.ERROR, "Pipeline " + pipeline.name() + " broke", e);
                failed("an internal error: " + e);
            }
            boolean lasted = System.nanoTime() - start > LONGEST_WAIT.toNanos();
            wait = lasted ? FIRST_WAIT : wait;
            try {
                if (stop.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
            wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
        }
    }

    private void failed(String reason) {
        failure = reason;
        listener.failed(pipeline.name(), reason);
    }

    private void runOnce() throws SinkException, IOException, InterruptedException {
        SinkConnector.Context context =
                new SinkConnector.Context(pipeline.name(), options.home(), options.environment());
        try (Source source = options.sources().open(pipeline);
                Sink sink = pipeline.file().into().open(context)) {
            Job job = pipeline.job(source, sink, options.following());
            Run started = new Run(job, options.runIds().get(), new Listener(), options.clock(), options.random());
            run = started;
            failure = null;
            if (stop.getCount() == 0) {
                return;
            }
            RunSummary summary = started.execute();
            if (summary.halt() != null) {
                halt = summary.halt();
                listener.halted(pipeline.name(), summary.halt());
            }
        }
    }

    private final class Listener implements RunListener {
        @Override
        public void committed(Commit commit, long rows, Duration took) {
            listener.committed(pipeline.name(), commit, rows, took);
        }

        @Override
        public void altered(String what) {
            listener.altered(pipeline.name(), what);
        }

        @Override
        public void destinationAway(SinkException reason, Duration wait) {
            String why = String.valueOf(reason.getMessage());
            if (!why.equals(away)) {
                away = why;
                listener.destinationAway(pipeline.name(), why);
            }
        }

        @Override
        public void destinationBack() {
            away = null;
            listener.destinationBack(pipeline.name());
        }
    }
}
