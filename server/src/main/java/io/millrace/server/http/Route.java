package io.millrace.server.http;

import io.millrace.server.auth.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Where requests of one method and path go.
 *
 * @param method GET, POST, ...; who answers GET answers HEAD with it
 * @param template the path; a segment in braces stands for any one segment: {@code /users/{id}}
 * @param scope what the caller's token must have; null where no token is needed
 * @param operation what it does, for {@code /openapi.json}
 * @param handler who answers
 */
public record Route(
        String method, PathTemplate template, @Nullable Scope scope, Operation operation, Handler handler) {

    public Route(String method, String template, @Nullable Scope scope, Operation operation, Handler handler) {
        this(method, PathTemplate.parse(template), scope, operation, handler);
    }
}
