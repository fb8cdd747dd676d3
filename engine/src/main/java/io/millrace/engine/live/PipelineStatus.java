package io.millrace.engine.live;

import io.millrace.engine.run.Run;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a pipeline does.
 *
 * @param pipeline its name
 * @param file where it is written
 * @param state what it is doing
 * @param reason why it is not running; null where it is
 * @param progress what it has read since it was started
 * @param standing what it has committed since it was started
 */
public record PipelineStatus(
        String pipeline,
        Path file,
        State state,
        @Nullable String reason,
        Run.Progress progress,
        Run.Standing standing) {

    /** What a pipeline is doing. */
    public enum State {
        /** It reads and commits, or waits for more to read. */
        RUNNING,
        /** Its destination is away, or a part of its source can't be read; it goes on by itself. */
        WAITING,
        /** It could not go on, and is started again after a while. */
        FAILED,
        /** Too many of its records were rejected; it stays stopped until its file changes or the server starts again. */
        HALTED
    }
}
