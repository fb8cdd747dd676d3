package io.millrace.server.auth;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way in: opened once by a server, or by a command that works on the same home folder. Several processes may have it
 * open at once. Safe for use by many threads.
 */
public final class Auth implements AutoCloseable {

    private final Trust trust;
    private final Tokens tokens;
    private final Audit audit;
    private final @Nullable BuiltInIssuer issuer;
    private final @Nullable URI provider;

    private Auth(
            Trust trust, Audit audit, InstantSource clock, @Nullable BuiltInIssuer issuer, @Nullable URI provider) {
        this.trust = trust;
        this.tokens = new Tokens(trust, clock);
        this.audit = audit;
        this.issuer = issuer;
        this.provider = provider;
    }

    /**
     * Opens everything. With the built-in issuer, the first key is made where there is none yet. With an OpenID provider,
     * it does not wait for it: {@link #readiness} tells when it has answered.
     *
     * @param home the home folder; {@code auth} and {@code audit} below it are made where they are not there
     * @param random for keys, secrets and the ids of tokens
     */
    public static Auth open(Path home, AuthConfig config, InstantSource clock, SecureRandom random)
            throws AuthException, InterruptedException {
        return switch (config) {
            case AuthConfig.BuiltIn builtIn -> builtIn(home, builtIn, SecretHash.Cost.OWASP, clock, random);
            case AuthConfig.Provider provider ->
                provider(home, provider, ProviderKeys.Timing.of(provider.keyRefresh()), clock);
        };
    }

    static Auth builtIn(
            Path home, AuthConfig.BuiltIn config, SecretHash.Cost cost, InstantSource clock, SecureRandom random)
            throws AuthException, InterruptedException {
        Audit audit = Audit.open(home.resolve("audit"), clock);
        try {
            SecretHash hash = new SecretHash(cost, random);
            PrivateFolder folder = PrivateFolder.open(home.resolve("auth"));
            PrivateFolder keyFolder = PrivateFolder.open(home.resolve("auth").resolve("keys"));
            Clients clients = new Clients(folder, hash, config.secretGrace(), audit, clock, random);
            SigningKeys keys = new SigningKeys(keyFolder, config, audit, clock, random);
            int cores = Runtime.getRuntime().availableProcessors();
            SecretCheck secrets =
                    new SecretCheck(hash, new AttemptLimit(clock), cores, SecretCheck.PATIENCE, clock, random);
            TokenIssuer tokens = new TokenIssuer(config, keys, clock, random);
            TokenEndpoint endpoint = new TokenEndpoint(clients, secrets, tokens, audit, clock);
            return new Auth(
                    new BuiltInTrust(config, clients, keys),
                    audit,
                    clock,
                    new BuiltInIssuer(clients, keys, tokens, endpoint, audit),
                    null);
        } catch (AuthException | InterruptedException | RuntimeException e) {
            audit.close();
            throw e;
        }
    }

    static Auth provider(Path home, AuthConfig.Provider config, ProviderKeys.Timing timing, InstantSource clock)
            throws AuthException {
        Audit audit = Audit.open(home.resolve("audit"), clock);
        return new Auth(
                new ProviderTrust(config, new ProviderKeys(config, timing)), audit, clock, null, config.issuer());
    }

    /**
     * Decides whether a call may go on. Refusals go to the audit log, and so do the calls that are let in with a scope
     * that is {@link Scope#privileged()}.
     *
     * @param needed the scope that the call's token must have
     */
    public Decision admit(Call call, Scope needed) {
        return admit(call, needed, new Tokens.Last());
    }

    /**
     * As {@link #admit(Call, Scope)}.
     *
     * @param last of the connection that the call came over
     */
    public Decision admit(Call call, Scope needed, Tokens.Last last) {
        Decision decision = tokens.check(call.authorization(), last);
        if (decision instanceof Decision.Allowed allowed) {
            decision = allowed.requires(needed);
        }
        switch (decision) {
            case Decision.Allowed allowed -> {
                if (needed.privileged()) {
                    audit.record(Audit.Entry.of(Audit.Kind.PRIVILEGED_CALL)
                            .client(allowed.clientId())
                            .in(call)
                            .reason(needed.text()));
                }
            }
            case Decision.Refused refused ->
                audit.record(Audit.Entry.of(Audit.Kind.REFUSAL)
                        .client(refused.clientId())
                        .in(call)
                        .reason(refused.kind().text()));
        }
        return decision;
    }

    /** Decides on a token and nothing else; nothing goes to the audit log. */
    public Tokens tokens() {
        return tokens;
    }

    /** The built-in issuer; empty where an OpenID provider issues the tokens. */
    public Optional<BuiltInIssuer> issuer() {
        return Optional.ofNullable(issuer);
    }

    /** The issuer URL of the OpenID provider that issues the tokens; empty with the built-in issuer. */
    public Optional<URI> provider() {
        return Optional.ofNullable(provider);
    }

    /** For what else is privileged. */
    public Audit audit() {
        return audit;
    }

    /** How things stand, the audit log included. */
    public Readiness readiness() {
        Readiness readiness = trust.readiness();
        Optional<String> unwritten = audit.problem();
        if (unwritten.isEmpty()) {
            return readiness;
        }
        return switch (readiness) {
            case Readiness.Ready ready -> new Readiness.Degraded(unwritten.get());
            case Readiness.Degraded(String reason) -> new Readiness.Degraded(reason + " " + unwritten.get());
            case Readiness.NotReady notReady -> notReady;
        };
    }

    /** Ends the threads and writes what is left of the audit log. No call may be under way. */
    @Override
    public void close() {
        trust.close();
        audit.close();
    }
}
