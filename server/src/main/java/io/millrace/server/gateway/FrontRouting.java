package io.millrace.server.gateway;

import io.helidon.webserver.http.ErrorHandler;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRoute;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpSecurity;
import io.helidon.webserver.http.HttpService;
import java.util.function.Supplier;

/**
 * Gives Helidon the front as its routing. It must be of this type: beside a builder of any other, Helidon puts an empty
 * HTTP routing of its own and then takes one of the two, by the identity hash codes of their classes.
 *
 * <p>Nothing can be added to it. What Helidon's features would add is done by the front itself.
 */
record FrontRouting(Front front) implements HttpRouting.Builder {

    @Override
    public HttpRouting build() {
        return front;
    }

    @Override
    public HttpRouting.Builder register(HttpService... services) {
        return this;
    }

    @Override
    public HttpRouting.Builder register(String path, HttpService... services) {
        return this;
    }

    @Override
    public HttpRouting.Builder route(HttpRoute route) {
        return this;
    }

    @Override
    public HttpRouting.Builder addFilter(Filter filter) {
        return this;
    }

    @Override
    public HttpRouting.Builder addFeature(Supplier<? extends HttpFeature> feature) {
        return this;
    }

    @Override
    public <T extends Throwable> HttpRouting.Builder error(Class<T> type, ErrorHandler<? super T> handler) {
        return this;
    }

    @Override
    public HttpRouting.Builder maxReRouteCount(int count) {
        return this;
    }

    @Override
    public HttpRouting.Builder security(HttpSecurity security) {
        return this;
    }

    @Override
    public HttpRouting.Builder copy() {
        return this;
    }
}
