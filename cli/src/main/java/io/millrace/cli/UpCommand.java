package io.millrace.cli;

import io.millrace.server.Server;
import io.millrace.server.ServerConfig;
import io.millrace.server.ServerException;
import io.millrace.server.ServerOptions;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace up}. */
final class UpCommand implements Command {

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
                .addOption(ConfigArguments.file())
                .addOption(OptionSpec.builder("--set")
                        .type(Map.class)
                        .auxiliaryTypes(String.class, String.class)
                        .paramLabel("NAME=VALUE")
                        .description(
                                "The value of a parameter of pipelines, or of a setting, such as http.port=8081; may be"
                                        + " given again.")
                        .build())
                .addOption(PipelineArguments.home())
                .addOption(Command.option("--address", String.class, "ADDRESS", "Where to listen (127.0.0.1)."))
                .addOption(
                        Command.option("--port", Integer.class, "PORT", "Where to listen (8080); 0 for a free port."))
                .addOption(Command.option(
                        "--log-format",
                        String.class,
                        "FORMAT",
                        "How to say what happens: text, or json for one object a line (text)."))
                .addOption(OptionSpec.builder("--insecure")
                        .description("Listens where others can reach it even without TLS or clients of your own.")
                        .build())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("FOLDER")
                        .index("0")
                        .arity("1")
                        .required(true)
                        .type(String.class)
                        .description("A folder of pipeline files, or one pipeline file; or the URL of a ZIP archive of"
                                + " such a folder or of such a file, which is then looked at again now and then.")
                        .build());
    }

    @Override
    public int run(ParseResult given) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Interrupts interrupts = Interrupts.handledBy(() -> System.exit(ExitCode.INTERRUPTED));
        Map<String, String> parameters = new HashMap<>();
        Map<String, String> settings = new HashMap<>();
        // Names of settings have a point in them, those of parameters have none.
        PipelineArguments.set(given)
                .forEach((name, value) -> (name.contains(".") ? settings : parameters).put(name, value));
        if (given.hasMatchedOption("--address")) {
            settings.put("http.address", given.matchedOptionValue("--address", ""));
        }
        if (given.hasMatchedOption("--port")) {
            settings.put("http.port", given.matchedOptionValue("--port", 0).toString());
        }
        if (given.hasMatchedOption("--log-format")) {
            settings.put("output.format", given.matchedOptionValue("--log-format", ""));
        }
        return ConfigArguments.with(
                given,
                environment,
                settings,
                terminal,
                configured -> serve(given, parameters, configured.config(), interrupts, asked));
    }

    private int serve(
            ParseResult given,
            Map<String, String> parameters,
            ServerConfig config,
            Interrupts interrupts,
            CountDownLatch asked)
            throws IOException, InterruptedException, UserException {
        Journal journal = new Journal(terminal, config.output().format(), InstantSource.system());
        journal.takeOverLoggers();
        UpReport report = new UpReport(journal, Invocation.of(given));
        try (Origin origin = Origin.of(given, environment, parameters, config.remote(), report);
                Server server = start(
                        new ServerOptions(
                                PipelineArguments.home(given, environment),
                                origin.folder(),
                                parameters,
                                environment,
                                config.http(),
                                config.auth(),
                                config.log().options(),
                                config.log().retention(),
                                given.hasMatchedOption("--insecure")),
                        report)) {
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
}
