package io.millrace.connectors.postgres;

import io.millrace.api.SinkException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Whether a server, and a database on it, is one that Millrace can load into. */
final class ServerFit {

    /** MERGE came with version 15. */
    private static final int OLDEST_VERSION = 15;

    private ServerFit() {}

    /** @throws SinkException where it is not, with the first reason */
    static void require(Connection connection, DatabaseUrl at) throws SQLException, SinkException {
        List<String> problems = problems(connection, at);
        if (!problems.isEmpty()) {
            throw new SinkException(problems.getFirst());
        }
    }

    /** All that is wrong with it. */
    static List<String> problems(Connection connection, DatabaseUrl at) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW server_encoding")) {
            row.next();
            return problems(connection.getMetaData().getDatabaseMajorVersion(), row.getString(1), at.place());
        }
    }

    static List<String> problems(int version, String encoding, String place) {
        List<String> problems = new ArrayList<>();
        if (version < OLDEST_VERSION) {
            problems.add("The PostgreSQL at " + place + " is of version " + version + ". Millrace needs version "
                    + OLDEST_VERSION + " or newer.");
        }
        if (!encoding.equals("UTF8")) {
            problems.add("The database at " + place + " has the encoding " + encoding
                    + ". Millrace needs one with UTF8, which holds every text.");
        }
        return problems;
    }
}
