package io.millrace.benchmarks.gateway;

import io.millrace.log.Log;
import io.millrace.log.LogOptions;
import io.millrace.log.StreamWriter;
import io.millrace.server.auth.Auth;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.auth.Scope;
import io.millrace.server.gateway.Gateway;
import io.millrace.server.gateway.GatewayConfig;
import io.millrace.server.gateway.Intake;
import io.millrace.server.gateway.Routes;
import io.millrace.server.ops.Meters;
import io.millrace.server.ops.Telemetry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Set;

/** The gateway with its log, durable, tokens checked. It prints its port and a token, and runs until it is killed. */
final class IntakeServer {

    private IntakeServer() {}

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        Auth auth = Auth.open(home, AuthConfig.BuiltIn.defaults(), InstantSource.system(), new SecureRandom());
        var issuer = auth.issuer().orElseThrow();
        issuer.clients().add("bench", Set.of(Scope.EVENTS_WRITE));
        Log log = Log.openForWriting(home.resolve("log"), LogOptions.DEFAULTS, InstantSource.system(), event -> {
            System.err.println(event);
        });
        StreamWriter stream = log.writer("events", 1);
        GatewayConfig usual = GatewayConfig.defaults();
        Gateway gateway = Gateway.start(
                new GatewayConfig("127.0.0.1", 0, null, usual.limits(), usual.drain()),
                auth,
                Routes.NONE.and(new Intake("/events", stream)),
                new Telemetry(new Meters(false), notice -> System.err.println(notice)));
        System.out.println(gateway.port() + " " + issuer.token("bench").token());
    }
}
