package io.millrace.server.auth;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

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
        Client client = client(clientId);
        return issue(client, client.scopes());
    }

    /**
     * As {@link #token(String)}, for a token that may do less than its client.
     *
     * @param scopes some of those that the client has, one at least
     * @throws AuthException also where the client does not have all of them
     */
    public IssuedToken token(String clientId, Set<Scope> scopes) throws AuthException {
        Client client = client(clientId);
        if (scopes.isEmpty() || !client.scopes().containsAll(scopes)) {
            Set<Scope> missing = new HashSet<>(scopes);
            missing.removeAll(client.scopes());
            throw new AuthException("The client \"" + clientId + "\" may do " + Scope.join(client.scopes())
                    + (missing.isEmpty() ? "; ask for one of these." : ", but not " + Scope.join(missing) + "."));
        }
        return issue(client, scopes);
    }

    /** The client, if it may have tokens. */
    private Client client(String clientId) throws AuthException {
        Optional<Client> client = clients.list().stream()
                .filter(candidate -> candidate.id().equals(clientId))
                .findFirst();
        if (client.isEmpty()) {
            throw new AuthException("There is no client \"" + clientId + "\". \"millrace client ls\" shows them, and"
                    + " the first start of a server at 127.0.0.1 makes demo.");
        }
        if (client.get().disabled()) {
            throw new AuthException("The client \"" + clientId + "\" is disabled. Enable it first.");
        }
        return client.get();
    }

    private IssuedToken issue(Client client, Set<Scope> scopes) {
        IssuedToken token = tokens.issue(client.id(), client.created(), scopes);
        audit.record(Audit.Entry.of(Audit.Kind.TOKEN_ISSUED)
                .client(client.id())
                .reason(Scope.join(token.scopes()) + ", by the owner of the home folder"));
        return token;
    }
}
