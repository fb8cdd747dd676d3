package io.millrace.cli;

import io.millrace.log.LogOptions;
import io.millrace.log.Retention;
import io.millrace.server.Server;
import io.millrace.server.ServerException;
import io.millrace.server.ServerOptions;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.gateway.GatewayConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace up}. */
final class UpCommand implements Command {

    /** Helidon tells at length what it does; its warnings and errors are for an operator. Kept, or it would be forgotten. */
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    private final Terminal terminal;
    private final Map<String, String> environment;

    UpCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        return Command.spec(
                        "Runs every pipeline of a folder until it is stopped: takes events over HTTP, follows files,"
                                + " answers queries. Files that are added, changed or removed are taken up.")
                .addOption(PipelineArguments.set())
                .addOption(PipelineArguments.home())
                .addOption(Command.option("--address", String.class, "ADDRESS", "Where to listen (127.0.0.1)."))
                .addOption(
                        Command.option("--port", Integer.class, "PORT", "Where to listen (8080); 0 for a free port."))
                .addOption(OptionSpec.builder("--insecure")
                        .description("Listens where others can reach it even without TLS or clients of your own.")
                        .build())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("FOLDER")
                        .index("0")
                        .arity("1")
                        .required(true)
                        .type(Path.class)
                        .description("A folder of pipeline files, or one pipeline file.")
                        .build());
    }

    @Override
    public int run(ParseResult given) throws Exception {
        HELIDON.setLevel(Level.WARNING);
        CountDownLatch asked = new CountDownLatch(1);
        Interrupts interrupts = Interrupts.handledBy(() -> System.exit(ExitCode.INTERRUPTED));
        UpReport report = new UpReport(terminal, Invocation.of(given), InstantSource.system());
        try (Server server = start(options(given), report)) {
            interrupts.handleBy(() -> {
                report.stopping();
                asked.countDown();
            });
            if (server.pipelines().isEmpty() && !server.refused().isEmpty()) {
                return ExitCode.USAGE;
            }
            report.listening(server);
            asked.await();
        }
        report.stopped();
        return ExitCode.DONE;
    }

    private static Server start(ServerOptions options, UpReport report)
            throws IOException, InterruptedException, UserException {
        try {
            return Server.start(options, report);
        } catch (ServerException e) {
            throw UserException.failed(String.valueOf(e.getMessage()));
        }
    }

    private ServerOptions options(ParseResult given) {
        GatewayConfig usual = GatewayConfig.defaults();
        GatewayConfig http = new GatewayConfig(
                given.matchedOptionValue("--address", usual.address()),
                given.matchedOptionValue("--port", usual.port()),
                usual.tls(),
                usual.limits(),
                usual.drain());
        return new ServerOptions(
                PipelineArguments.home(given, environment),
                given.matchedPositionalValue(0, Path.of("")),
                PipelineArguments.set(given),
                environment,
                http,
                AuthConfig.BuiltIn.defaults(),
                LogOptions.DEFAULTS,
                new Retention(Duration.ofDays(7), Long.MAX_VALUE),
                given.hasMatchedOption("--insecure"));
    }
}
