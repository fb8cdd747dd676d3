package io.millrace.server.gateway;

import io.millrace.server.auth.Scope;
import io.millrace.server.http.Operation;
import io.millrace.server.http.Operation.Media;
import io.millrace.server.http.Operation.Reply;
import io.millrace.server.http.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the paths of the built-in issuer do, for those who call them. */
final class TokenOperations {

    private static final String GROUP = "tokens";

    private TokenOperations() {}

    static Operation token(int maxBytes) {
        return Operation.of(GROUP, "A token for a client")
                .describe(
                        "OAuth 2.0 client credentials (RFC 6749, section 4.4). A client may authenticate by HTTP Basic"
                                + " instead. Errors are as that RFC has them.")
                .with(new Operation.Body(
                        "Who asks, and for what.",
                        List.of(new Media("application/x-www-form-urlencoded", form(), Map.of()))))
                .with(new Reply(200, "The token.", Map.of(), List.of(Media.json(issued(), Map.of()))))
                .with(refused(400, "The request is not as it must be.", Map.of(), "invalid_request"))
                .with(refused(
                        401,
                        "The client or its secret is not known.",
                        Map.of("WWW-Authenticate", "How to authenticate."),
                        "invalid_client"))
                .with(refused(429, "There were too many wrong secrets.", retry(), "too_many_attempts"))
                .with(refused(503, "Too many clients ask at once.", retry(), "temporarily_unavailable"))
                .with(Body.tooLong(maxBytes))
                .with(Body.tooSlow(1000, 20_000))
                .with(Body.noMemory());
    }

    private static Map<String, String> retry() {
        return Map.of("Retry-After", "After how many seconds to try again.");
    }

    private static Schema form() {
        Map<String, Schema> members = new LinkedHashMap<>();
        members.put("grant_type", Schema.oneOf("client_credentials"));
        members.put("client_id", Schema.string());
        members.put("client_secret", Schema.string().with("format", "password"));
        members.put(
                "scope",
                Schema.string()
                        .described("Some of those that the client has, with blanks between them; otherwise all."));
        return Schema.object(members, List.of("grant_type"));
    }

    private static Schema issued() {
        Map<String, Schema> members = new LinkedHashMap<>();
        members.put("access_token", Schema.string());
        members.put("token_type", Schema.oneOf("Bearer"));
        members.put("expires_in", Schema.integer(1, Integer.MAX_VALUE).described("In seconds."));
        members.put("scope", Schema.string().described("Of " + scopes() + "."));
        return Schema.exactly(members);
    }

    private static String scopes() {
        return String.join(
                ", ", List.of(Scope.values()).stream().map(Scope::text).toList());
    }

    private static Reply refused(int status, String what, Map<String, String> headers, String error) {
        Map<String, Schema> members = new LinkedHashMap<>();
        members.put("error", Schema.string());
        members.put("error_description", Schema.string());
        Map<String, Object> example = new LinkedHashMap<>();
        example.put("error", error);
        example.put("error_description", what);
        return new Reply(status, what, headers, List.of(Media.json(Schema.exactly(members), Map.of(error, example))));
    }

    static Operation keys() {
        Schema key = Schema.object(Map.of("kty", Schema.string(), "kid", Schema.string()), List.of("kty", "kid"));
        return Operation.of(GROUP, "The public keys of tokens")
                .describe("A JSON Web Key Set (RFC 7517).")
                .with(new Reply(
                        200,
                        "The keys.",
                        Map.of(),
                        List.of(Media.json(
                                Schema.object(Map.of("keys", Schema.array(key)), List.of("keys")), Map.of()))));
    }
}
