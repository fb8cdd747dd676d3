package io.millrace.server.ops;

import io.millrace.api.Commit;
import io.millrace.server.http.Request;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Follows some requests from their first byte to the commit that loads their records. Thread-safe. */
public interface Tracing {

    /**
     * A request begins.
     *
     * @param route the path as it is declared; null where there is none
     * @return null where the request is not one of those that are followed
     */
    @Nullable
    RequestTrace begin(Request request, @Nullable String route);

    /** A pipeline has committed. */
    void committed(String pipeline, Commit commit, long rows, Duration took);
}
