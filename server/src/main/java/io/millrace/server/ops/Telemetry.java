package io.millrace.server.ops;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a server writes down about itself. Thread-safe. */
public final class Telemetry {

    private final Meters meters;
    private final Consumer<Notice> notices;
    private volatile @Nullable Tracing tracing;

    /** @param notices is told what an operator should know, by any thread; must return soon */
    public Telemetry(Meters meters, Consumer<Notice> notices) {
        this.meters = meters;
        this.notices = notices;
    }

    public Meters meters() {
        return meters;
    }

    /** Follows requests; null where nobody has asked for that. */
    public @Nullable Tracing tracing() {
        return tracing;
    }

    /** From now on requests are followed, or no more. */
    public void tracing(@Nullable Tracing next) {
        tracing = next;
    }

    /** Tells an operator. */
    public void tell(Notice notice) {
        notices.accept(notice);
    }
}
