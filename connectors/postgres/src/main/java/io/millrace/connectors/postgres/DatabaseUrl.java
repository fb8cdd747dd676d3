package io.millrace.connectors.postgres;

import io.millrace.api.SinkException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Where a server is and who we are there, from a URL in the form of libpq or of JDBC.
 *
 * @param jdbcUrl without user and password
 * @param user who logs in
 * @param properties for the driver; they hold the password
 * @param place host, port and database for messages
 * @param host as libpq takes it
 * @param port as libpq takes it
 * @param database its name
 */
record DatabaseUrl(
        String jdbcUrl,
        String user,
        Map<String, String> properties,
        String place,
        String host,
        String port,
        String database) {

    private static final String EXPECTED =
            "expected postgresql://user:password@host:5432/database or jdbc:postgresql://host:5432/database?user=...";

    /** What libpq calls by one name and the driver by another, or by the same. */
    private static final Map<String, String> PARAMETERS = Map.ofEntries(
            Map.entry("user", "user"),
            Map.entry("password", "password"),
            Map.entry("sslmode", "sslmode"),
            Map.entry("sslrootcert", "sslrootcert"),
            Map.entry("sslcert", "sslcert"),
            Map.entry("sslkey", "sslkey"),
            Map.entry("sslpassword", "sslpassword"),
            Map.entry("gssencmode", "gssEncMode"),
            Map.entry("channel_binding", "channelBinding"),
            Map.entry("options", "options"),
            Map.entry("connect_timeout", "connectTimeout"),
            Map.entry("application_name", "ApplicationName"));

    static DatabaseUrl parse(String url) throws SinkException {
        String text = url.strip();
        if (text.startsWith("jdbc:postgresql://") && authority(text).indexOf('@') >= 0) {
            return libpq(text.substring("jdbc:".length()));
        }
        if (text.startsWith("jdbc:postgresql:")) {
            return jdbc(text);
        }
        if (text.startsWith("postgresql://") || text.startsWith("postgres://")) {
            return libpq(text);
        }
        throw new SinkException("The URL of the database is not one of PostgreSQL: " + EXPECTED + ".");
    }

    private static DatabaseUrl jdbc(String url) throws SinkException {
        Properties parsed = Driver.parseURL(url, null);
        if (parsed == null) {
            throw malformed();
        }
        Map<String, String> properties = new LinkedHashMap<>();
        for (String name : parsed.stringPropertyNames()) {
            properties.put(name, parsed.getProperty(name));
        }
        String hosts = take(properties, PGProperty.PG_HOST.getName(), "localhost");
        String ports = take(properties, PGProperty.PG_PORT.getName(), "5432");
        String user = properties.getOrDefault("user", System.getProperty("user.name", "postgres"));
        String database = take(properties, PGProperty.PG_DBNAME.getName(), user);
        return of(hosts, ports, database, user, properties);
    }

    private static DatabaseUrl libpq(String url) throws SinkException {
        Map<String, String> properties = new LinkedHashMap<>();
        String rest = url.substring(url.indexOf("//") + 2);
        int question = rest.indexOf('?');
        if (question >= 0) {
            for (String pair : rest.substring(question + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String known = PARAMETERS.get(name);
                if (known == null || equals < 0) {
                    throw new SinkException("The URL of the database has the parameter \"" + name
                            + "\", which is not known. Known are "
                            + String.join(", ", new TreeSet<>(PARAMETERS.keySet())) + ".");
                }
                properties.put(known, decode(pair.substring(equals + 1)));
            }
            rest = rest.substring(0, question);
        }
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        String database = slash < 0 ? "" : decode(rest.substring(slash + 1));
        int at = authority.lastIndexOf('@');
        if (at >= 0) {
            String login = authority.substring(0, at);
            int colon = login.indexOf(':');
            properties.put("user", decode(colon < 0 ? login : login.substring(0, colon)));
            if (colon >= 0) {
                properties.put("password", decode(login.substring(colon + 1)));
            }
        }
        StringBuilder hosts = new StringBuilder();
        StringBuilder ports = new StringBuilder();
        for (String address : authority.substring(at + 1).split(",", -1)) {
            int colon = address.lastIndexOf(':');
            boolean hasPort = colon > address.lastIndexOf(']');
            String host = hasPort ? address.substring(0, colon) : address;
            String port = hasPort ? address.substring(colon + 1) : "5432";
            if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
                throw malformed();
            }
            hosts.append(hosts.isEmpty() ? "" : ",").append(host.isEmpty() ? "localhost" : host);
            ports.append(ports.isEmpty() ? "" : ",").append(port);
        }
        String user = properties.computeIfAbsent("user", u -> System.getProperty("user.name", "postgres"));
        return of(hosts.toString(), ports.toString(), database.isEmpty() ? user : database, user, properties);
    }

    private static DatabaseUrl of(
            String hosts, String ports, String database, String user, Map<String, String> properties) {
        String[] host = hosts.split(",", -1);
        String[] port = ports.split(",", -1);
        StringBuilder addresses = new StringBuilder();
        for (int i = 0; i < host.length; i++) {
            addresses.append(i == 0 ? "" : ",").append(host[i]).append(':').append(port[i]);
        }
        return new DatabaseUrl(
                "jdbc:postgresql://" + addresses + "/" + encode(database),
                user,
                Map.copyOf(properties),
                addresses + "/" + database,
                hosts.replace("[", "").replace("]", ""),
                ports,
                database);
    }

    /** A command line that opens {@code psql} there; it asks for the password itself. */
    String psqlCommand() {
        return "psql -h " + host + " -p " + port + " -U " + user + " " + database;
    }

    private static String authority(String url) {
        String rest = url.substring(url.indexOf("//") + 2);
        int end = rest.length();
        for (char c : new char[] {'/', '?'}) {
            int at = rest.indexOf(c);
            end = at >= 0 ? Math.min(end, at) : end;
        }
        return rest.substring(0, end);
    }

    private static String take(Map<String, String> properties, String name, String otherwise) {
        String value = properties.remove(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    private static SinkException malformed() {
        return new SinkException("The URL of the database is malformed: " + EXPECTED + ".");
    }

    private static String decode(String text) throws SinkException {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new SinkException("The URL of the database has a % that is not followed by two hexadecimal digits:"
                    + " write %25 for a % in a password.");
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Without properties, which may hold a password. */
    @Override
    public String toString() {
        return place + " as " + user;
    }
}
