package io.millrace.server.auth;

import java.util.Optional;

/** Whose tokens are taken: those of the built-in issuer or of an OpenID provider. */
sealed interface Trust extends AutoCloseable permits BuiltInTrust, ProviderTrust {

    /** What to decide by; empty while it is not known, with the reason in {@link #readiness}. Does not wait. */
    Optional<Grounds> grounds();

    /**
     * What to decide by after a token named a key or a client that these grounds don't have. It may wait for a few seconds, but is
     * not obliged to: it returns the same where there is nothing newer.
     */
    Grounds newerThan(Grounds grounds) throws InterruptedException;

    /** How things stand. */
    Readiness readiness();

    @Override
    void close();
}
