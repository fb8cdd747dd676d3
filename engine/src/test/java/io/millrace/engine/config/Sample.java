package io.millrace.engine.config;

import io.millrace.api.ByteSize;
import io.millrace.api.Doc;
import io.millrace.api.Secret;
import io.millrace.api.Spelled;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A configuration with everything that one can have. */
@Doc("A sample.")
record Sample(
        @Doc(value = "The server.", byDefault = "{}") Http http,

        @Doc(value = "Who may.", byDefault = "{ built_in: {} }")
        Trust trust,

        @Doc(value = "More of it.", byDefault = "{}") Limits limits) {

    @Doc("The server.")
    record Http(
            @Doc(value = "Where it listens.", byDefault = "127.0.0.1")
            String address,

            @Doc(value = "The port.", byDefault = "8080") int port,

            @Doc(value = "Who may call.", byDefault = "[]") List<String> origins,

            @Doc("Encryption.") @Nullable Tls tls) {
        Http {
            if (port == 13) {
                throw new IllegalArgumentException("port is 13; any other will do");
            }
        }
    }

    @Doc("Encryption.")
    record Tls(
            @Doc("The certificate.") Path certificate,

            @Doc("Its password.") @Nullable Secret password,

            @Doc(value = "Further ones.", byDefault = "[]") List<Secret> passwords) {
        Tls {
            if (password != null && certificate.toString().equals("refused.pem")) {
                throw new IllegalArgumentException("the password " + password.reveal() + " does not open it");
            }
        }
    }

    /** One of two. */
    sealed interface Trust {
        @Doc("Ourselves.")
        record BuiltIn(
                @Doc(value = "How long.", byDefault = "1h") Duration lifetime) implements Trust {}

        @Doc("Somebody else.")
        record Provider(
                @Doc("Who.") URI issuer,

                @Doc(value = "What roles may.", byDefault = "{}")
                Map<String, Set<Right>> roles)
                implements Trust {}
    }

    /** Written with a colon. */
    enum Right implements Spelled {
        READ("data:read"),
        WRITE("data:write");

        private final String text;

        Right(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /** One word. */
    enum Level {
        LOW,
        VERY_HIGH
    }

    @Doc("The rest.")
    record Limits(
            @Doc(value = "A size.", byDefault = "64MiB") ByteSize size,

            @Doc(value = "A duration.", byDefault = "90m") Duration age,

            @Doc(value = "A flag.", byDefault = "false") boolean strict,

            @Doc(value = "A number.", byDefault = "0.5") double share,

            @Doc(value = "A long one.", byDefault = "5000000000")
            long count,

            @Doc(value = "A word.", byDefault = "low") Level level,

            @Doc(value = "A character.", byDefault = "','") char delimiter,

            @Doc("A name.") @Nullable String name) {}
}
