package io.millrace.server.auth;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a server may start where it is asked to. On loopback everything is allowed; where others can reach it there
 * must be clients that somebody has set up and TLS, or a flag that says that it is meant. Tokens are checked in any case.
 *
 * @param address what the server listens at
 * @param clientsConfigured whether there is an OpenID provider or a client other than {@code demo}
 * @param demoEnabled whether the {@code demo} client can get tokens
 * @param tlsConfigured whether the server speaks TLS itself
 * @param insecure whether the flag {@code --insecure} was given
 */
public record ServingRules(
        InetAddress address, boolean clientsConfigured, boolean demoEnabled, boolean tlsConfigured, boolean insecure) {

    /** What came of {@link #check}. */
    public sealed interface Answer {

        /**
         * The server may start.
         *
         * @param demo whether the {@code demo} client is to be made, since there is no other
         * @param warnings what to tell at the start, a sentence or two each; empty on loopback
         */
        record Allowed(boolean demo, List<String> warnings) implements Answer {
            public Allowed {
                warnings = List.copyOf(warnings);
            }
        }

        /**
         * It must not.
         *
         * @param message why, and what to do
         */
        record Refused(String message) implements Answer {}
    }

    /** Applies the rules. */
    public Answer check() {
        if (address.isLoopbackAddress()) {
            return new Answer.Allowed(!clientsConfigured, List.of());
        }
        String where = address.isAnyLocalAddress() ? "every address of this machine" : address.getHostAddress();
        List<String> missing = new ArrayList<>();
        if (!clientsConfigured) {
            missing.add("there is no client but demo: make one with \"millrace client add\", or configure an OpenID"
                    + " provider");
        }
        if (!tlsConfigured) {
            missing.add(
                    "there is no TLS, so that tokens and secrets can be read on the way: configure a certificate and"
                            + " its key");
        }
        if (!missing.isEmpty() && !insecure) {
            return new Answer.Refused("Millrace does not start at " + where + ", where others can reach it: "
                    + String.join("; and ", missing)
                    + ". Or listen at 127.0.0.1, or say --insecure where something in front of it sees to this.");
        }
        List<String> warnings = new ArrayList<>();
        for (String lack : missing) {
            warnings.add("Insecure, as asked for, at " + where + ": " + lack + ".");
        }
        if (clientsConfigured && demoEnabled) {
            warnings.add("The client demo may do everything and can be used from outside at " + where
                    + ": disable it with \"millrace client disable demo\".");
        }
        return new Answer.Allowed(!clientsConfigured, warnings);
    }

    /** Whether a host in a URL is this machine without a doubt; names are not looked up. */
    static boolean loopbackName(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host.replace("[", "").replace("]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException notLiteral) {
            return false;
        }
    }
}
