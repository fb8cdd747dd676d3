package io.millrace.server.auth;

import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code POST /oauth2/token} does: OAuth 2.0 client credentials (RFC 6749, section 4.4). Each answer is in the audit
 * log. Safe for use by many threads.
 */
public final class TokenEndpoint {

    private static final Duration WHEN_BUSY = Duration.ofSeconds(2);

    private final Clients clients;
    private final SecretCheck secrets;
    private final TokenIssuer issuer;
    private final Audit audit;
    private final InstantSource clock;
    private final Json json = new Json();

    TokenEndpoint(Clients clients, SecretCheck secrets, TokenIssuer issuer, Audit audit, InstantSource clock) {
        this.clients = clients;
        this.secrets = secrets;
        this.issuer = issuer;
        this.audit = audit;
        this.clock = clock;
    }

    /** Why no token is given: for the asker, and for the audit log. */
    private record Refused(
            TokenAnswer.Kind kind,
            String description,
            String reason,
            @Nullable Duration retryAfter) {
        Refused(TokenAnswer.Kind kind, String description, String reason) {
            this(kind, description, reason, null);
        }
    }

    /**
     * Answers a request. A secret that was not seen lately costs some 35 ms of a core, and a wait for its turn.
     *
     * @param call the request; its {@code Authorization} is that of HTTP Basic, or null
     * @param contentType the value of the header of that name; null where there is none
     * @param body a form, as it came
     */
    public TokenAnswer answer(Call call, @Nullable String contentType, String body) throws InterruptedException {
        TokenForm form;
        try {
            form = TokenForm.read(call.authorization(), contentType, body);
        } catch (TokenForm.Malformed e) {
            return refuse(
                    call,
                    null,
                    new Refused(
                            e.kind(), String.valueOf(e.getMessage()), e.kind().error()));
        }
        if (!form.grantType().equals("client_credentials")) {
            return refuse(
                    call,
                    null,
                    new Refused(
                            TokenAnswer.Kind.UNSUPPORTED_GRANT_TYPE,
                            "The only grant_type here is client_credentials.",
                            "unsupported_grant_type"));
        }
        String id = form.clientId();
        String secret = form.secret();
        if (id == null || secret == null) {
            return refuse(
                    call,
                    null,
                    new Refused(
                            TokenAnswer.Kind.INVALID_CLIENT,
                            "The client must authenticate by HTTP Basic or by client_id and client_secret.",
                            "no_credentials"));
        }
        Optional<ClientList.Entry> client = clients.latest().find(id);
        List<String> hashes = client.map(entry -> entry.hashes(clock.instant())).orElse(List.of());
        // What is not the id of a client may be anything, a mistyped secret for instance, and is logged nowhere.
        String known = client.isPresent() ? id : null;
        // What can't be an id may be of any length, and is not kept to count its attempts one by one.
        String counted = ClientList.validId(id) ? id : "?";
        return switch (secrets.check(counted, hashes, secret, call.remoteAddress())) {
            case SecretCheck.Outcome.Right right -> authenticated(call, client.orElseThrow(), form.scope());
            case SecretCheck.Outcome.Wrong wrong ->
                refuse(call, known, unknown(known == null ? "unknown_client" : "wrong_secret"));
            case SecretCheck.Outcome.Limited(Duration retryAfter) ->
                refuse(
                        call,
                        known,
                        new Refused(
                                TokenAnswer.Kind.TOO_MANY_ATTEMPTS,
                                "There were too many wrong secrets. Try again later.",
                                "too_many_attempts",
                                retryAfter));
            case SecretCheck.Outcome.Busy busy ->
                refuse(
                        call,
                        known,
                        new Refused(
                                TokenAnswer.Kind.BUSY,
                                "Too many clients ask at once. Try again in a moment.",
                                "busy",
                                WHEN_BUSY));
        };
    }

    private TokenAnswer authenticated(Call call, ClientList.Entry client, @Nullable String asked) {
        if (client.disabled()) {
            return refuse(call, client.id(), unknown("client_disabled"));
        }
        Set<Scope> scopes = EnumSet.copyOf(client.scopes());
        if (asked != null) {
            Set<Scope> narrowed = EnumSet.noneOf(Scope.class);
            for (String word : asked.strip().split(" +", -1)) {
                Optional<Scope> scope = Scope.of(word).filter(client.scopes()::contains);
                if (scope.isEmpty()) {
                    return refuse(
                            call,
                            client.id(),
                            new Refused(
                                    TokenAnswer.Kind.INVALID_SCOPE,
                                    "The client may have: " + Scope.join(client.scopes()) + ".",
                                    "invalid_scope"));
                }
                narrowed.add(scope.get());
            }
            scopes = narrowed;
        }
        IssuedToken token = issuer.issue(client.id(), client.created(), scopes);
        audit.record(Audit.Entry.of(Audit.Kind.TOKEN_ISSUED)
                .client(client.id())
                .in(call)
                .reason(Scope.join(scopes)));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("access_token", token.token());
        body.put("token_type", "Bearer");
        body.put("expires_in", token.lifetime().toSeconds());
        body.put("scope", Scope.join(scopes));
        return new TokenAnswer(TokenAnswer.Kind.ISSUED, headers(), json.line(body));
    }

    /** The same to the asker whatever is wrong with it: nobody learns which clients there are. */
    private static Refused unknown(String reason) {
        return new Refused(TokenAnswer.Kind.INVALID_CLIENT, "The client or its secret is not known.", reason);
    }

    private TokenAnswer refuse(Call call, @Nullable String clientId, Refused refused) {
        audit.record(
                Audit.Entry.of(Audit.Kind.REFUSAL).client(clientId).in(call).reason(refused.reason()));
        Map<String, String> headers = headers();
        if (refused.kind() == TokenAnswer.Kind.INVALID_CLIENT) {
            headers.put("WWW-Authenticate", "Basic realm=\"millrace\", charset=\"UTF-8\"");
        }
        if (refused.retryAfter() != null) {
            // In whole seconds, and never too early.
            headers.put(
                    "Retry-After",
                    Long.toString(refused.retryAfter().plusMillis(999).toSeconds()));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", refused.kind().error());
        body.put("error_description", refused.description());
        return new TokenAnswer(refused.kind(), headers, json.line(body));
    }

    private static Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json;charset=UTF-8");
        headers.put("Cache-Control", "no-store");
        headers.put("Pragma", "no-cache");
        return headers;
    }
}
