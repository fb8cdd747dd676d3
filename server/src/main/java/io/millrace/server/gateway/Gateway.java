package io.millrace.server.gateway;

import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.millrace.server.auth.Auth;
import io.millrace.server.auth.Scope;
import io.millrace.server.http.PathTemplate;
import io.millrace.server.http.Problem;
import io.millrace.server.http.Route;
import io.millrace.server.openapi.Described;
import io.millrace.server.openapi.OpenApi;
import io.millrace.server.openapi.Ways;
import io.millrace.server.ops.Telemetry;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server. What it answers can be replaced while it runs; the token endpoint and the public keys are its own, where
 * {@link Auth} issues tokens.
 *
 * <p>Thread-safe.
 */
public final class Gateway implements AutoCloseable {

    private final GatewayConfig config;
    private final Auth auth;
    private final Telemetry telemetry;
    private final Watch watch;
    private final @Nullable TlsKey key;
    private final Front front;
    private final WebServer server;
    private volatile Routes routes = Routes.NONE;

    private Gateway(
            GatewayConfig config,
            Auth auth,
            Telemetry telemetry,
            Watch watch,
            @Nullable TlsKey key,
            Front front,
            WebServer server) {
        this.config = config;
        this.auth = auth;
        this.telemetry = telemetry;
        this.watch = watch;
        this.key = key;
        this.front = front;
        this.server = server;
    }

    /**
     * Starts the server. It listens when this returns.
     *
     * @param auth decides on every token; whoever opened it closes it, after the gateway
     * @param telemetry counts requests, and hears of those that fail
     * @throws IOException where the address can't be listened at, or the certificate can't be used; the message says why
     */
    public static Gateway start(GatewayConfig config, Auth auth, Routes routes, Telemetry telemetry)
            throws IOException {
        InetAddress address = InetAddress.getByName(config.address());
        RouteTable table = table(config, auth, routes, telemetry);
        TlsKey key = config.tls() == null ? null : new TlsKey(config.tls());
        Watch watch = new Watch();
        boolean started = false;
        try {
            TlsGuard tls = key == null
                    ? null
                    : new TlsGuard(key, watch, config.limits().head());
            Protocols protocols = new Protocols(
                    watch, new Budget(config.limits().bodiesUnderWay().bytes()), config.limits(), tls);
            RequestIds ids = new RequestIds(new SecureRandom());
            Front front = new Front(protocols, auth, ids, table, telemetry);
            WebServer server = server(config, address, tls, protocols, front, ids);
            server.start();
            started = true;
            Gateway gateway = new Gateway(config, auth, telemetry, watch, key, front, server);
            gateway.routes = routes;
            return gateway;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS can't be set up: " + e.getMessage() + ".", e);
        } catch (RuntimeException e) {
            throw new IOException(
                    "The server could not listen at " + config.address() + ", port " + config.port() + ": "
                            + Objects.requireNonNullElse(root(e).getMessage(), e.toString()) + ".",
                    e);
        } finally {
            if (!started) {
                watch.close();
                if (key != null) {
                    key.close();
                }
            }
        }
    }

    private static Throwable root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static WebServer server(
            GatewayConfig config,
            InetAddress address,
            @Nullable TlsGuard tls,
            Protocols protocols,
            Front front,
            RequestIds ids) {
        DirectHandlers.Builder unrouted = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            unrouted.addHandler(
                    type, (request, event, status, headers, message) -> unrouted(status, headers, ids.next()));
        }
        WebServerConfig.Builder builder = WebServer.builder()
                .address(address)
                .port(config.port())
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .protocolsDiscoverServices(false)
                .addConnectionSelector(protocols)
                .contentEncoding(new PlainEncodings())
                .directHandlers(unrouted.build())
                .maxTcpConnections(config.limits().connections())
                .shutdownGracePeriod(config.drain())
                .connectionOptions(options ->
                        options.tcpNoDelay(true).readTimeout(config.limits().idle()))
                .routing(new FrontRouting(front));
        if (tls != null) {
            // With the other kind of socket Helidon would ask the name service for the name of each client.
            builder.useNio(false).tls(Tls.builder().sslContext(tls.context()).build());
        }
        return builder.build();
    }

    /** What is wrong before there is a route: a head that is not as HTTP has it. */
    private static DirectHandler.TransportResponse unrouted(Status status, ServerResponseHeaders headers, String id) {
        // Helidon's own words may repeat the path, and with it what belongs to a person.
        Problem problem = switch (status.code()) {
            case 400 -> Problem.badRequest("Its first line or its headers are not as HTTP has them.");
            case 414 -> Problem.targetTooLong();
            case 500 -> Problem.internal();
            default -> new Problem(status.code(), "http", status.reasonPhrase(), null);
        };
        headers.set(HeaderNames.CONTENT_TYPE, "application/problem+json");
        headers.set(HeaderNames.create("X-Request-Id"), id);
        return DirectHandler.TransportResponse.builder()
                .status(status)
                .headers(headers)
                .keepAlive(false)
                .entity(problem.json(id))
                .build();
    }

    private static RouteTable table(GatewayConfig config, Auth auth, Routes routes, Telemetry telemetry) {
        List<IntakeHandler> intakes = new ArrayList<>();
        List<Route> others = new ArrayList<>(routes.others());
        List<Described> described = new ArrayList<>();
        for (Intake intake : routes.intakes()) {
            IntakeHandler handler = new IntakeHandler(
                    intake, config.limits(), telemetry.meters().intake(intake.stream().stream()));
            intakes.add(handler);
            described.add(
                    new Described("POST", PathTemplate.parse(intake.path()), Scope.EVENTS_WRITE, handler.operation()));
            others.add(IntakeProgress.route(intake));
        }
        auth.issuer().ifPresent(issuer -> others.addAll(TokenRoutes.of(issuer)));
        others.forEach(route -> described.add(Described.of(route)));
        Ways ways = new Ways(auth.provider().orElse(null), config.limits().requestsPerSecond());
        others.addAll(OpenApi.routes(described, ways));
        return new RouteTable(intakes, others, telemetry.meters());
    }

    /**
     * Replaces what is answered. Requests under way end as they began.
     *
     * @throws IllegalArgumentException where two of them are for the same path and method; then nothing is replaced
     */
    public synchronized void routes(Routes next) {
        front.table(table(config, auth, next, telemetry));
        routes = next;
    }

    /** What is answered. */
    public Routes routes() {
        return routes;
    }

    /** The port that it listens at. */
    public int port() {
        return server.port();
    }

    /**
     * Stops: no connection and no request is taken any more, those under way end, and those that take longer than
     * {@link GatewayConfig#drain} are cut.
     */
    @Override
    public void close() {
        front.drain();
        server.stop();
        watch.close();
        if (key != null) {
            key.close();
        }
    }
}
