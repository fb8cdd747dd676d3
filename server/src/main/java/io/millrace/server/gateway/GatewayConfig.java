package io.millrace.server.gateway;

import io.millrace.api.ByteSize;
import io.millrace.api.Doc;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the HTTP server listens and what it bears.
 *
 * @param address where it listens
 * @param port where it listens; 0 for one that is free
 * @param tls null for plain HTTP
 * @param limits what it bears
 * @param drain how long requests under way may take when the server stops
 */
@Doc("The HTTP server.")
public record GatewayConfig(
        @Doc(
                value = "The address to listen at. Everything but loopback needs TLS and clients of your own.",
                byDefault = "127.0.0.1")
        String address,

        @Doc(value = "The port to listen at; 0 takes one that is free.", byDefault = "8080")
        int port,

        @Doc("The certificate for HTTPS. Without it the server speaks plain HTTP.") @Nullable
        Tls tls,

        @Doc(value = "What the server bears.", byDefault = "{}")
        Limits limits,

        @Doc(value = "How long requests that are under way may take when the server stops.", byDefault = "10s")
        Duration drain) {

    /**
     * A certificate and its key. Both files are read again when they change; connections that are open keep the old one.
     *
     * @param certificate PEM
     * @param key PEM
     */
    @Doc("The certificate for HTTPS. Files that change are read again within seconds, without a restart.")
    public record Tls(
            @Doc("A PEM file with the server's certificate, followed by those that lead to the root.")
            Path certificate,

            @Doc("A PEM file with the private key, as PKCS #8 (`BEGIN PRIVATE KEY`) and without a passphrase.")
            Path key) {}

    /**
     * What the server bears.
     *
     * @param body the longest body, as it comes and without its compression
     * @param record the longest record
     * @param connections how many at once
     * @param bodiesUnderWay the memory for bodies that are being read or stored
     * @param requestsPerSecond of one client; null for any number
     * @param burst of one client, beyond the above
     * @param head how long the head of a request may take, and the handshake of TLS
     * @param silence how long a body may pause, and an answer may wait to be taken
     * @param bytesPerSecond the least speed of a body
     * @param idle how long a connection is kept without a request
     */
    @Doc("What the server bears.")
    public record Limits(
            @Doc(
                    value = "The longest body of a request, both as it comes and without its compression.",
                    byDefault = "8MiB")
            ByteSize body,

            @Doc(value = "The longest record.", byDefault = "1MiB")
            ByteSize record,

            @Doc(value = "How many connections are open at once; others wait to be accepted.", byDefault = "10000")
            int connections,

            @Doc(
                    value = "How much memory bodies take that are being read or stored, all together. Beyond it"
                            + " requests are answered with 503.",
                    byDefault = "256MiB")
            ByteSize bodiesUnderWay,

            @Doc("How many requests of one client are taken in a second, on average. Without it, any number.") @Nullable
            Integer requestsPerSecond,

            @Doc(
                    value = "How many requests of one client are taken at once, where requests_per_second is given.",
                    byDefault = "100")
            int burst,

            @Doc(
                    value = "How long the head of a request may take from its first byte to its last, and the handshake"
                            + " of TLS.",
                    byDefault = "10s")
            Duration head,

            @Doc(
                    value =
                            "How long a body may pause at its beginning or in between, and how long an answer may wait to"
                                    + " be taken by the client.",
                    byDefault = "20s")
            Duration silence,

            @Doc(
                    value =
                            "The least speed of a body, on average, in bytes a second, once the time of silence has passed.",
                    byDefault = "1000")
            int bytesPerSecond,

            @Doc(value = "How long a connection is kept open without a request.", byDefault = "60s")
            Duration idle) {

        public Limits {
            positive("body", body.bytes());
            positive("record", record.bytes());
            positive("connections", connections);
            positive("bodies_under_way", bodiesUnderWay.bytes());
            positive("requests_per_second", requestsPerSecond == null ? 1 : requestsPerSecond);
            positive("burst", burst);
            positive("head", head.toMillis());
            positive("silence", silence.toMillis());
            positive("bytes_per_second", bytesPerSecond);
            positive("idle", idle.toMillis());
            if (body.bytes() > 1 << 30) {
                throw new IllegalArgumentException("body is " + body + "; at most 1GiB is possible.");
            }
            if (bodiesUnderWay.bytes() < 2 * body.bytes()) {
                throw new IllegalArgumentException("bodies_under_way is " + bodiesUnderWay
                        + "; it must be at least twice body, which is " + body + ".");
            }
        }

        private static void positive(String name, long value) {
            if (value <= 0) {
                throw new IllegalArgumentException(name + " is " + value + "; it must be more than 0.");
            }
        }

        /** What holds where nothing is configured. */
        public static Limits defaults() {
            return new Limits(
                    new ByteSize(8 << 20),
                    new ByteSize(1 << 20),
                    10_000,
                    new ByteSize(256 << 20),
                    null,
                    100,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20),
                    1000,
                    Duration.ofSeconds(60));
        }
    }

    public GatewayConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + "; it must lie between 0 and 65535.");
        }
        if (drain.isNegative()) {
            throw new IllegalArgumentException("drain is " + drain + "; it must not be negative.");
        }
    }

    /** What holds where nothing is configured. */
    public static GatewayConfig defaults() {
        return new GatewayConfig("127.0.0.1", 8080, null, Limits.defaults(), Duration.ofSeconds(10));
    }
}
