package io.millrace.server.openapi;

import io.millrace.server.auth.Scope;
import io.millrace.server.http.Operation;
import io.millrace.server.http.PathTemplate;
import io.millrace.server.http.Route;
import org.jspecify.annotations.Nullable;

/**
 * A route without who answers it.
 *
 * @param scope null where no token is needed
 */
public record Described(
        String method, PathTemplate path, @Nullable Scope scope, Operation operation) {

    public static Described of(Route route) {
        return new Described(route.method(), route.template(), route.scope(), route.operation());
    }
}
