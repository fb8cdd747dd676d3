package io.millrace.server.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Tokens that this installation has issued itself. Safe for use by many threads. */
final class BuiltInTrust implements Trust {

    private final AuthConfig.BuiltIn config;
    private final Clients clients;
    private final SigningKeys keys;

    /** What grounds were made of last. */
    private record Made(ClientList clients, SigningKeys.Current keys, Grounds grounds) {}

    private volatile Made made;

    BuiltInTrust(AuthConfig.BuiltIn config, Clients clients, SigningKeys keys) {
        this.config = config;
        this.clients = clients;
        this.keys = keys;
        this.made = make(clients.current(), keys.current());
    }

    @Override
    public Optional<Grounds> grounds() {
        return Optional.of(of(clients.current(), keys.current()));
    }

    // The very same lists: to compare them client by client on each call would cost more than to decide anew.
    @SuppressWarnings("ReferenceEquality")
    private Grounds of(ClientList clientsNow, SigningKeys.Current keysNow) {
        Made last = made;
        if (last.clients() != clientsNow || last.keys() != keysNow) {
            last = make(clientsNow, keysNow);
            made = last;
        }
        return last.grounds();
    }

    private Made make(ClientList clientsNow, SigningKeys.Current keysNow) {
        Grounds grounds = new Grounds(
                config.issuer(),
                config.audience(),
                keysNow.ring(),
                type -> "at+jwt".equals(type) || "application/at+jwt".equals(type),
                (claims, tokenId) -> decide(clientsNow, claims, tokenId));
        return new Made(clientsNow, keysNow, grounds);
    }

    private static Decision decide(ClientList clients, JWTClaimsSet claims, String tokenId) {
        String id;
        String scope;
        Long since;
        try {
            id = claims.getStringClaim("client_id");
            scope = claims.getStringClaim("scope");
            since = claims.getLongClaim(TokenIssuer.CLIENT_SINCE);
        } catch (ParseException e) {
            return incomplete();
        }
        if (id == null || scope == null || since == null || claims.getIssueTime() == null) {
            return incomplete();
        }
        Optional<ClientList.Entry> client = clients.find(id);
        // One that was added at another time is another one of that name: the token's was removed.
        if (client.isEmpty()
                || client.get().disabled()
                || client.get().created().toEpochMilli() != since) {
            return new Decision.Refused(
                    Refusal.CLIENT_DISABLED,
                    "The client of this token was disabled or removed.",
                    client.isPresent() ? id : null,
                    null);
        }
        // What the client may do no longer its older tokens may not do either.
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        scopes.addAll(Scope.known(List.of(scope.split(" ", -1))));
        scopes.retainAll(client.get().scopes());
        return new Decision.Allowed(
                id, scopes, tokenId, claims.getExpirationTime().toInstant());
    }

    private static Decision incomplete() {
        return new Decision.Refused(
                Refusal.MALFORMED, "The token lacks a claim: client_id, scope, client_since or iat.");
    }

    /** Another process may have made the key or the client within the last second. */
    @Override
    public Grounds newerThan(Grounds grounds) {
        return of(clients.latest(), keys.latest());
    }

    @Override
    public Readiness readiness() {
        List<String> problems = Stream.of(clients.problem(), keys.problem())
                .flatMap(Optional::stream)
                .toList();
        return problems.isEmpty() ? new Readiness.Ready() : new Readiness.Degraded(String.join(" ", problems));
    }

    @Override
    public void close() {}
}
