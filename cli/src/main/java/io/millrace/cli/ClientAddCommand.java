package io.millrace.cli;

import io.millrace.server.auth.Scope;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace client add}. */
final class ClientAddCommand implements Command {

    private final Terminal terminal;
    private final Map<String, String> environment;

    ClientAddCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        return ConfigArguments.addTo(Command.spec("Adds a client and prints its secret, this once.")
                .addOption(ScopeArguments.option(true, "What its tokens may do."))
                .addOption(PipelineArguments.home())
                .addPositional(Command.positional(
                        "CLIENT", "Its name: letters, digits, dots, hyphens and underscores, 64 at most.")));
    }

    @Override
    public int run(ParseResult given) throws Exception {
        Set<Scope> scopes = ScopeArguments.of(given);
        Path home = PipelineArguments.home(given, environment);
        String client = given.matchedPositionalValue(0, "");
        return ConfigArguments.with(given, environment, terminal, configured -> {
            try (HomeAuth auth = HomeAuth.open(home, configured.config().auth())) {
                ClientCommands.show(auth.issuer().clients().add(client, scopes), terminal);
            }
            return ExitCode.DONE;
        });
    }
}
