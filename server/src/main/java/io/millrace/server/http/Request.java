package io.millrace.server.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that was let in. Used by one thread, and only until it is answered. */
public interface Request {

    /** Tells it from others, in answers and in all logs. */
    String id();

    /** GET, POST, ... */
    String method();

    /** The path as it was asked for, still encoded; it may hold what belongs to a person. */
    String path();

    /** What stands in the path for a parameter of the route's template, decoded. */
    String parameter(String name);

    /** What stands after the question mark, decoded, in its order; empty where there is nothing. */
    Map<String, List<String>> query();

    /** The value of a header, the first where there are several; null where there is none. */
    @Nullable
    String header(String name);

    /** Who calls; null where the route needs no token. */
    @Nullable
    String client();

    /** Who is at the other end of the connection, as a literal address. */
    String remoteAddress();

    /**
     * Reads the body, all of it.
     *
     * @param maxBytes the most that is taken
     * @throws ProblemException 413 where there is more, 408 where it comes too slowly, 503 where memory is short
     */
    byte[] body(int maxBytes) throws ProblemException;
}
