package io.millrace.server.gateway;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.http2.Http2Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Wire} of every connection. It is the only selector of its server: with several, Helidon itself would read
 * the first bytes to choose among them, and a client that sends none would never be noticed. Thread-safe.
 */
final class Protocols implements ServerConnectionSelector {

    private final Watch watch;
    private final Budget budget;
    private final GatewayConfig.Limits limits;
    private final @Nullable TlsGuard tls;
    private final Http1ConnectionSelector http1;
    private final Http2ConnectionSelector http2;

    /** @param tls null for plain HTTP */
    Protocols(Watch watch, Budget budget, GatewayConfig.Limits limits, @Nullable TlsGuard tls) {
        this.watch = watch;
        this.budget = budget;
        this.limits = limits;
        this.tls = tls;
        Http2Config config2 = Http2Config.builder()
                .initialWindowSize(64 << 10)
                .maxConcurrentStreams(256)
                .build();
        Http1Config config1 = Http1Config.builder().sendKeepAliveHeader(false).build();
        http2 = Http2ConnectionSelector.builder().http2Config(config2).build();
        http1 = Http1ConnectionSelector.builder()
                .config(config1)
                .addUpgraders(Map.of("h2c", new CleartextUpgrade(Http2Upgrader.create(config2))))
                .build();
    }

    Watch watch() {
        return watch;
    }

    Budget budget() {
        return budget;
    }

    GatewayConfig.Limits limits() {
        return limits;
    }

    @Nullable
    TlsGuard tls() {
        return tls;
    }

    ServerConnection http1(Wire wire) {
        return http1.connection(wire);
    }

    ServerConnection http2(Wire wire) {
        return http2.connection(wire);
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return Set.of("h2", "http/1.1");
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new Wire(context, this);
    }
}
