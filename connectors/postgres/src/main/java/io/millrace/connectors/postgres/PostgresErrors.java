package io.millrace.connectors.postgres;

import io.millrace.api.SinkException;
import io.millrace.api.SinkUnavailableException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Says which failures may pass by themselves and which need a person.
 *
 * <p>The classes are those of the manual's appendix A, "PostgreSQL Error Codes".
 */
final class PostgresErrors {

    static final String UNDEFINED_TABLE = "42P01";
    static final String UNIQUE_VIOLATION = "23505";
    static final String CANCELLED = "57014";
    private static final String RAISED = "P0001";
    static final String DUPLICATE_TABLE = "42P07";
    private static final String PRIVILEGE = "42501";
    private static final String INVALID_PASSWORD = "28P01";
    private static final String INVALID_AUTHORIZATION = "28000";
    private static final String UNKNOWN_DATABASE = "3D000";
    static final String LOCK_NOT_AVAILABLE = "55P03";
    static final String READ_ONLY = "25006";
    private static final String DISK_FULL = "53100";

    private PostgresErrors() {}

    static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "" : state;
    }

    /**
     * @param doing what was tried, as the middle of a sentence: "committing to public.t"
     * @param at where, for messages
     */
    static SinkException explain(SQLException e, String doing, DatabaseUrl at) {
        String state = state(e);
        if (unknownHost(e)) {
            return new SinkException(
                    "The host of the database " + at.place() + " is not known. Check the name in the URL.", e);
        }
        if (passes(state)) {
            String what = state.equals(DISK_FULL) ? "The disk of the PostgreSQL at " : "The PostgreSQL at ";
            String how = state.equals(DISK_FULL) ? " is full" : " is not available";
            return new SinkUnavailableException(
                    what + at.place() + how + " (while " + doing + "): " + words(e) + ".", e);
        }
        return new SinkException(
                switch (state) {
                    case INVALID_PASSWORD ->
                        "The PostgreSQL at " + at.place() + " refuses the password of user \"" + at.user()
                                + "\". Check the user and the password in the URL.";
                    case INVALID_AUTHORIZATION ->
                        "The PostgreSQL at " + at.place() + " does not let user \"" + at.user() + "\" in: " + words(e)
                                + ".";
                    case UNKNOWN_DATABASE ->
                        "The PostgreSQL at " + at.place() + " has no database \"" + at.database()
                                + "\". Create it or correct the URL.";
                    case PRIVILEGE ->
                        "User \"" + at.user() + "\" lacks a privilege at " + at.place() + " (while " + doing + "): "
                                + words(e) + ".";
                    case READ_ONLY ->
                        "The PostgreSQL at " + at.place()
                                + " is read-only, a standby perhaps. Give the URL of the primary.";
                    default ->
                        "The PostgreSQL at " + at.place() + " refused (while " + doing + "): " + words(e) + " [" + state
                                + "].";
                },
                e);
    }

    /** Whether the server can make no sense of the bytes of a value. */
    static boolean isOfBinaryForm(SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        return server != null && (state(e).equals("22P03") || state(e).equals("08P01"));
    }

    /** Whether trying again may help. */
    static boolean passes(String state) {
        return state.startsWith("08") // the connection is lost or refused
                || state.startsWith("53") // out of disk, memory or connections
                || state.startsWith("57P") // shutting down, starting up, ended by an administrator
                || state.equals(CANCELLED)
                || state.equals("40001") // serialization failure
                || state.equals("40P01") // deadlock
                || state.equals("40003") // completion unknown
                || state.equals("55P03"); // lock not available
    }

    private static boolean unknownHost(SQLException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    /**
     * The server's own words where they can't hold a value of a record. Errors of data (22), of constraints (23) and of
     * triggers (P0001) may quote one; they are told by their place instead.
     */
    static String words(SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        if (server == null) {
            return stripped(String.valueOf(e.getMessage()));
        }
        String state = state(e);
        if (state.startsWith("22") || state.startsWith("23")) {
            return (state.startsWith("22") ? "a value does not fit" : "a constraint is violated")
                    + part(" in column ", server.getColumn())
                    + part(" of table ", server.getTable())
                    + part(" by constraint ", server.getConstraint());
        }
        if (state.equals(RAISED)) {
            return "a trigger raised an error";
        }
        return stripped(String.valueOf(server.getMessage()));
    }

    /** The constraint that was violated; empty where none was. */
    static String constraint(SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        String constraint = server == null ? null : server.getConstraint();
        return constraint == null ? "" : constraint;
    }

    /** The schema of what the error is about; empty where none is told. */
    static String schema(SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        String schema = server == null ? null : server.getSchema();
        return schema == null ? "" : schema;
    }

    private static String part(String before, @Nullable String name) {
        return name == null ? "" : before + "\"" + name + "\"";
    }

    private static String stripped(String message) {
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }
}
