package io.millrace.cli;

import io.millrace.server.auth.Clients;
import io.millrace.server.auth.NewSecret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace client}: who may get tokens, in the home folder. A server that runs sees changes within seconds. */
final class ClientCommands {

    private ClientCommands() {}

    static Command group(Terminal terminal, Map<String, String> environment) {
        Map<String, Command> commands = new LinkedHashMap<>();
        commands.put("ls", new ClientListCommand(terminal, environment));
        commands.put("add", new ClientAddCommand(terminal, environment));
        commands.put(
                "rotate",
                new Change(
                        terminal,
                        environment,
                        "Gives a client a new secret and prints it, this once. The old one works on for a while.",
                        (clients, id, grace) -> {
                            show(clients.rotateSecret(id), terminal);
                            terminal.err()
                                    .println("millrace: the secret before it works until "
                                            + Instant.now().plus(grace));
                        }));
        commands.put(
                "disable",
                new Change(
                        terminal,
                        environment,
                        "Shuts a client out: it gets no tokens, and those that it has are refused.",
                        (clients, id, grace) -> clients.disable(id)));
        commands.put(
                "enable",
                new Change(
                        terminal,
                        environment,
                        "Lets a client in again that was disabled.",
                        (clients, id, grace) -> clients.enable(id)));
        commands.put(
                "remove",
                new Change(
                        terminal,
                        environment,
                        "Removes a client for good; its tokens are refused.",
                        (clients, id, grace) -> clients.remove(id)));
        return new CommandGroup(
                "Lists and changes who may get tokens. A server that runs sees changes within seconds.", commands);
    }

    /** Prints a secret in the form in which commands and containers take it. */
    static void show(NewSecret secret, Terminal terminal) {
        terminal.out().println("MILLRACE_CLIENT=" + secret.clientId());
        terminal.out().println("MILLRACE_CLIENT_SECRET=" + secret.secret());
        terminal.out().flush();
        terminal.err().println("millrace: the secret is shown this once and kept nowhere; put it where it is safe");
    }

    /** Something to do with one client. */
    private interface Action {
        /** @param grace how long an old secret works on */
        void run(Clients clients, String id, Duration grace) throws Exception;
    }

    private record Change(Terminal terminal, Map<String, String> environment, String description, Action action)
            implements Command {

        @Override
        public CommandSpec spec() {
            return ConfigArguments.addTo(Command.spec(description)
                    .addOption(PipelineArguments.home())
                    .addPositional(Command.positional("CLIENT", "The client, as 'millrace client ls' lists it.")));
        }

        @Override
        public int run(ParseResult given) throws Exception {
            Path home = PipelineArguments.home(given, environment);
            String client = given.matchedPositionalValue(0, "");
            return ConfigArguments.with(given, environment, terminal, configured -> {
                try (HomeAuth auth = HomeAuth.existing(home, configured.config().auth())) {
                    action.run(auth.issuer().clients(), client, auth.grace());
                }
                return ExitCode.DONE;
            });
        }
    }
}
