package io.millrace.server.gateway;

import io.millrace.server.auth.BuiltInIssuer;
import io.millrace.server.auth.Call;
import io.millrace.server.auth.TokenAnswer;
import io.millrace.server.http.Answer;
import io.millrace.server.http.Request;
import io.millrace.server.http.Route;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The token endpoint and the public keys of the built-in issuer. */
final class TokenRoutes {

    private static final String TOKEN = "/oauth2/token";

    /** A form of four short fields. */
    private static final int MOST_FORM_BYTES = 16 << 10;

    private TokenRoutes() {}

    static List<Route> of(BuiltInIssuer issuer) {
        return List.of(
                new Route(
                        "POST", TOKEN, null, TokenOperations.token(MOST_FORM_BYTES), request -> token(issuer, request)),
                new Route(
                        "GET",
                        "/.well-known/jwks.json",
                        null,
                        TokenOperations.keys(),
                        request -> Answer.json(issuer.jwks()).with("Cache-Control", "max-age=300")));
    }

    private static Answer token(BuiltInIssuer issuer, Request request) throws Exception {
        Call call = new Call(request.header("Authorization"), request.remoteAddress(), "POST", TOKEN, request.id());
        String form = new String(request.body(MOST_FORM_BYTES), StandardCharsets.UTF_8);
        TokenAnswer answer = issuer.endpoint().answer(call, request.header("Content-Type"), form);
        return new Answer(answer.status(), answer.headers(), answer.body().getBytes(StandardCharsets.UTF_8));
    }
}
