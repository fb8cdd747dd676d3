package io.millrace.cli.send;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;

/** HTTP with a token. One that is refused (401) is renewed once. Thread-safe. */
final class AuthorizedHttp {

    private static final int UNAUTHORIZED = 401;

    private final Http http;
    private final TokenSource tokens;

    AuthorizedHttp(Http http, TokenSource tokens) {
        this.http = http;
        this.tokens = tokens;
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request)
            throws NoAnswerException, TokenException, InterruptedException {
        Optional<String> token = tokens.token();
        HttpResponse<byte[]> response = send(request, token);
        if (response.statusCode() != UNAUTHORIZED || token.isEmpty()) {
            return response;
        }
        tokens.rejected(token.get());
        Optional<String> other = tokens.token();
        return other.equals(token) ? response : send(request, other);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request, Optional<String> token)
            throws NoAnswerException, InterruptedException {
        token.ifPresent(it -> request.setHeader("Authorization", "Bearer " + it));
        return http.send(request.build());
    }
}
