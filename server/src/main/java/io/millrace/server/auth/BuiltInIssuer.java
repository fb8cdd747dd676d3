package io.millrace.server.auth;

import java.util.Optional;

/** The issuer of tokens that is part of Millrace. Safe for use by many threads. */
public final class BuiltInIssuer {

    private final Clients clients;
    private final SigningKeys keys;
    private final TokenIssuer tokens;
    private final TokenEndpoint endpoint;
    private final Audit audit;

    BuiltInIssuer(Clients clients, SigningKeys keys, TokenIssuer tokens, TokenEndpoint endpoint, Audit audit) {
        this.clients = clients;
        this.keys = keys;
        this.tokens = tokens;
        this.endpoint = endpoint;
        this.audit = audit;
    }

    /** Those who may ask for tokens. */
    public Clients clients() {
        return clients;
    }

    /** What {@code POST /oauth2/token} does. */
    public TokenEndpoint endpoint() {
        return endpoint;
    }

    /** The public keys as a JSON document (RFC 7517, section 5), for publishing. */
    public String jwks() {
        return keys.current().jwks();
    }

    /**
     * A token for whoever owns the home folder, with all that the client may do and without its secret: what {@code
     * millrace token --client demo} prints, whether a server runs or not.
     *
     * <p>The signing key under the home folder is enough for it, and who can read that could sign tokens by themselves.
     * Keeping the secret of {@code demo} in a file next to it would give nothing more and be a second thing to guard.
     *
     * @throws AuthException where there is no such client or it is disabled
     */
    public IssuedToken token(String clientId) throws AuthException {
        Optional<Client> client = clients.list().stream()
                .filter(candidate -> candidate.id().equals(clientId))
                .findFirst();
        if (client.isEmpty()) {
            throw new AuthException("There is no client \"" + clientId + "\". \"millrace clients list\" shows them, and"
                    + " the first start of a server at 127.0.0.1 makes demo.");
        }
        if (client.get().disabled()) {
            throw new AuthException("The client \"" + clientId + "\" is disabled. Enable it first.");
        }
        IssuedToken token = tokens.issue(clientId, client.get().scopes());
        audit.record(Audit.Entry.of(Audit.Kind.TOKEN_ISSUED)
                .client(clientId)
                .reason(Scope.join(token.scopes()) + ", by the owner of the home folder"));
        return token;
    }
}
