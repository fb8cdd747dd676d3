package io.millrace.benchmarks.peers;

import java.nio.file.Path;

/**
 * What each peer is told to do.
 *
 * @param file the events, one JSON object a line
 * @param databaseUrl a JDBC URL of PostgreSQL with user and password, of a database without a {@code users_revenue}
 */
record Task(Path file, String databaseUrl) {

    /** In the environment, so that the password is not in the list of processes. */
    static final String DATABASE_URL = "PEER_DATABASE_URL";

    /** The result, in every peer but Millrace, which creates its own from the query's types. */
    static final String CREATE_TABLE =
            "CREATE TABLE users_revenue (user_id text NOT NULL, revenue bigint NOT NULL, events bigint NOT NULL)";

    static final String ADD_KEY = "ALTER TABLE users_revenue ADD PRIMARY KEY (user_id)";

    /** The one argument is the file. */
    static Task of(String[] arguments) {
        String url = System.getenv(DATABASE_URL);
        if (arguments.length != 1 || url == null) {
            throw new IllegalArgumentException("usage: " + DATABASE_URL + "=jdbc:postgresql://... java ... FILE");
        }
        return new Task(Path.of(arguments[0]), url);
    }
}
