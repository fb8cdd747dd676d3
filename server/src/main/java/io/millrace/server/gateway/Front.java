package io.millrace.server.gateway;

import io.helidon.http.BadRequestException;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.Routing;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpSecurity;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.millrace.server.auth.Auth;
import io.millrace.server.auth.Decision;
import io.millrace.server.auth.Scope;
import io.millrace.server.http.Problem;
import io.millrace.server.http.ProblemException;
import io.millrace.server.ops.Faults;
import io.millrace.server.ops.Notice;
import io.millrace.server.ops.RequestTrace;
import io.millrace.server.ops.RouteMeter;
import io.millrace.server.ops.Telemetry;
import io.millrace.server.ops.Tracing;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes every request from Helidon: finds its route, asks for its token, holds its client to its rate, and sees to it that
 * whatever happens there is an answer. It stands in the place of Helidon's own routing, whose filters, error handlers and
 * patterns would be gone through for each event. Thread-safe.
 */
final class Front implements HttpRouting {

    private final Protocols protocols;
    private final Auth auth;
    private final RequestIds ids;
    private final Telemetry telemetry;
    private final @Nullable RateLimit rate;
    private final HttpSecurity security = HttpSecurity.create();
    private volatile RouteTable table;
    private volatile boolean draining;

    Front(Protocols protocols, Auth auth, RequestIds ids, RouteTable table, Telemetry telemetry) {
        this.protocols = protocols;
        this.auth = auth;
        this.ids = ids;
        this.telemetry = telemetry;
        this.table = table;
        Integer perSecond = protocols.limits().requestsPerSecond();
        this.rate = perSecond == null
                ? null
                : new RateLimit(perSecond, protocols.limits().burst());
    }

    void table(RouteTable next) {
        table = next;
    }

    /** From now on every request is refused. */
    void drain() {
        draining = true;
    }

    @Override
    public Class<? extends Routing> routingType() {
        return HttpRouting.class;
    }

    @Override
    public HttpSecurity security() {
        return security;
    }

    @Override
    public void route(ConnectionContext context, RoutingRequest request, RoutingResponse response) {
        Wire wire = (Wire) context;
        HelidonTransport transport = new HelidonTransport(request, response);
        int status = answer(wire, transport);
        if (Exchange.http2(transport)) {
            // Its heads are made short by HPACK already, and its requests are not the wire's thread's.
            return;
        }
        if (status > 0 && status < 400) {
            wire.learn(transport, direct -> answer(wire, direct));
        } else {
            wire.learnNothing();
        }
    }

    /** @return the status of the answer; 0 where there could be none */
    private int answer(Wire wire, Transport transport) {
        long start = System.nanoTime();
        try (Exchange exchange = new Exchange(protocols, ids, wire, transport)) {
            try {
                Problem problem = answer(exchange);
                if (problem != null) {
                    exchange.refuse(problem);
                }
            } finally {
                ended(exchange, System.nanoTime() - start);
            }
            exchange.endConnectionWhereAsked();
            return exchange.status();
        }
    }

    private void ended(Exchange exchange, long nanos) {
        RouteMeter meter = exchange.meter();
        (meter == null ? telemetry.meters().unrouted(exchange.method()) : meter).ended(exchange.status(), nanos);
        RequestTrace trace = exchange.trace();
        if (trace != null) {
            trace.end(exchange.status());
        }
    }

    /** Answers; or returns the problem to answer with. */
    private @Nullable Problem answer(Exchange exchange) {
        try {
            serve(exchange);
            return null;
        } catch (ProblemException e) {
            return e.problem();
        } catch (CloseConnectionException e) {
            throw e;
        } catch (RequestException | BadRequestException e) {
            // Found by Helidon in a body that is not as HTTP has it.
            return Problem.badRequest("The body is not framed as HTTP has it.");
        } catch (InterruptedException e) {
            // Helidon interrupts requests when the time to drain is up; it ends the thread next.
            return stopping();
        } catch (Exception | StackOverflowError e) {
            RequestTrace trace = exchange.trace();
            telemetry.tell(Notice.error("request.failed", "Request " + exchange.id() + " failed: " + Faults.told(e))
                    .in(trace == null ? null : trace.traceId()));
            return Problem.internal();
        }
    }

    private void serve(Exchange exchange) throws Exception {
        if (draining) {
            throw new ProblemException(stopping());
        }
        RouteTable.Match match = table.find(exchange.method(), exchange.path());
        RouteTable.Target found = match == null ? null : match.target();
        exchange.meter(found == null ? null : found.meter());
        Tracing tracing = telemetry.tracing();
        if (tracing != null) {
            exchange.trace(tracing.begin(exchange, found == null ? null : found.path()));
        }
        if (match == null) {
            throw new ProblemException(Problem.notFound());
        }
        RouteTable.Target target = match.target();
        if (target == null) {
            String methods = String.join(", ", match.methods());
            throw new ProblemException(new Problem(
                    405,
                    "no-such-method",
                    "The path does not take this method",
                    "It takes " + methods + ".",
                    Map.of(),
                    Map.of("Allow", methods)));
        }
        exchange.parameters(match.parameters());
        if (target.scope() != null) {
            admit(exchange, target.path(), target.scope());
        }
        switch (target) {
            case RouteTable.Target.Events events -> events.handler().take(exchange);
            case RouteTable.Target.Plain plain ->
                exchange.send(plain.route().handler().handle(exchange));
        }
    }

    private void admit(Exchange exchange, String path, Scope scope) throws ProblemException {
        switch (auth.admit(exchange.call(path), scope, exchange.lastToken())) {
            case Decision.Allowed allowed -> {
                exchange.client(allowed.clientId());
                int wait = rate == null ? 0 : rate.take(allowed.clientId(), System.nanoTime());
                if (wait > 0) {
                    throw new ProblemException(new Problem(
                                    429,
                                    "too-many-requests",
                                    "The client sends too many requests",
                                    "It may send " + protocols.limits().requestsPerSecond()
                                            + " a second. Send more events with each request.")
                            .retryAfter(wait));
                }
            }
            case Decision.Refused refused -> throw new ProblemException(problem(refused));
        }
    }

    private static Problem problem(Decision.Refused refused) {
        Problem problem = switch (refused.status()) {
            case 403 -> new Problem(403, "forbidden", "The token does not allow this", refused.message());
            case 503 -> Problem.unavailable("no-keys", "Tokens can't be checked now", refused.message(), 2);
            default -> new Problem(401, "unauthorized", "A valid token is needed", refused.message());
        };
        return refused.challenge()
                .map(challenge -> problem.header("WWW-Authenticate", challenge))
                .orElse(problem);
    }

    private static Problem stopping() {
        return Problem.unavailable("stopping", "The server is shutting down", "Try again in a moment.", 5);
    }
}
