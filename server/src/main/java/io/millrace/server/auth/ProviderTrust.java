package io.millrace.server.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tokens of an OpenID provider. Safe for use by many threads. */
final class ProviderTrust implements Trust {

    /** What access tokens call themselves; many providers have an older idea of it than RFC 9068. */
    private static final Set<String> TYPES = Set.of("at+jwt", "application/at+jwt", "jwt", "application/jwt");

    private final AuthConfig.Provider config;
    private final ProviderKeys keys;

    /** What grounds were made of last; null until there are keys. */
    private volatile @Nullable Grounds made;

    ProviderTrust(AuthConfig.Provider config, ProviderKeys keys) {
        this.config = config;
        this.keys = keys;
    }

    @Override
    public Optional<Grounds> grounds() {
        return keys.ring().map(this::of);
    }

    @Override
    public Grounds newerThan(Grounds grounds) throws InterruptedException {
        return of(keys.newerThan(grounds.keys()));
    }

    private Grounds of(KeyRing ring) {
        Grounds last = made;
        if (last == null || last.keys() != ring) {
            last = new Grounds(
                    config.issuer().toString(),
                    config.audience(),
                    ring,
                    type -> type == null || TYPES.contains(type),
                    this::decide);
            made = last;
        }
        return last;
    }

    private Decision decide(JWTClaimsSet claims, String tokenId) {
        String client = null;
        // RFC 9068, then OpenID Connect, then whoever has neither.
        for (String claim : List.of("client_id", "azp", "sub")) {
            if (client == null && claims.getClaim(claim) instanceof String text && !text.isBlank()) {
                client = text;
            }
        }
        if (client == null) {
            return new Decision.Refused(
                    Refusal.MALFORMED, "The token does not say whose it is: client_id, azp or sub.");
        }
        List<String> words = new ArrayList<>(words(claims.getClaim("scope")));
        words.addAll(words(claims.getClaim("scp")));
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        scopes.addAll(Scope.known(words));
        for (String role : roles(claims)) {
            scopes.addAll(config.roles().getOrDefault(role, Set.of()));
        }
        return new Decision.Allowed(
                client, scopes, tokenId, claims.getExpirationTime().toInstant());
    }

    /** A list of words, or one text with blanks between them; providers differ. */
    private static List<String> words(@Nullable Object claim) {
        return switch (claim) {
            case String text -> List.of(text.split(" ", -1));
            case List<?> list ->
                list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList();
            case null, default -> List.of();
        };
    }

    private List<String> roles(JWTClaimsSet claims) {
        if (config.rolesClaim() == null) {
            return List.of();
        }
        Object place = claims.getClaims();
        for (String name : config.rolesClaim().split("\\.", -1)) {
            place = place instanceof Map<?, ?> object ? object.get(name) : null;
        }
        return words(place);
    }

    @Override
    public Readiness readiness() {
        return keys.readiness();
    }

    @Override
    public void close() {
        keys.close();
    }
}
