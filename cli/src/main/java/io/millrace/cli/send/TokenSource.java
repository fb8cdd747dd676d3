package io.millrace.cli.send;

import java.util.Optional;

/**
 * Where requests get their bearer tokens (RFC 6750) from. Implementations are thread-safe and never show a token in a
 * message.
 */
public interface TokenSource {

    /**
     * A token that is good now; empty where requests go without one. It may have to ask an issuer first.
     *
     * @throws TokenException if the issuer gives none
     */
    Optional<String> token() throws TokenException, InterruptedException;

    /** Is told that a token was not taken: the next one must be another, if there can be another. */
    void rejected(String token);

    /** No tokens. */
    static TokenSource none() {
        return new ReadyToken(Optional.empty());
    }

    /**
     * A token that the user has got in some other way.
     *
     * @throws IllegalArgumentException if it can't be one; the message does not show it
     */
    static TokenSource ready(String token) {
        if (!ReadyToken.possible(token)) {
            throw new IllegalArgumentException("the token has characters that no token has, or none at all");
        }
        return new ReadyToken(Optional.of(token));
    }
}
