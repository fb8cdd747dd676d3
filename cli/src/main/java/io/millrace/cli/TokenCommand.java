package io.millrace.cli;

import io.millrace.server.auth.BuiltInIssuer;
import io.millrace.server.auth.IssuedToken;
import io.millrace.server.auth.Scope;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace token}: an access token, and nothing else on the standard output. */
final class TokenCommand implements Command {

    private static final String CLIENT = "--client";

    private final Terminal terminal;
    private final Map<String, String> environment;

    TokenCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = ConfigArguments.addTo(
                Command.spec("Prints an access token for a client, made with the key in the home folder; no server has"
                                + " to run and no secret is needed.")
                        .addOption(OptionSpec.builder(CLIENT)
                                .type(String.class)
                                .paramLabel("CLIENT")
                                .required(true)
                                .description("The client, as 'millrace client ls' lists it.")
                                .build())
                        .addOption(ScopeArguments.option(false, "What it may do, of what the client may (all of it)."))
                        .addOption(PipelineArguments.home()));
        spec.usageMessage()
                .footer("", "Use it with:  curl -H \"Authorization: Bearer $(./millrace token --client demo)\" ...");
        return spec;
    }

    @Override
    public int run(ParseResult given) throws Exception {
        Set<Scope> scopes = ScopeArguments.of(given);
        String client = given.matchedOptionValue(CLIENT, "");
        Path home = PipelineArguments.home(given, environment);
        return ConfigArguments.with(given, environment, terminal, configured -> {
            try (HomeAuth auth = HomeAuth.existing(home, configured.config().auth())) {
                BuiltInIssuer issuer = auth.issuer();
                IssuedToken token = scopes.isEmpty() ? issuer.token(client) : issuer.token(client, scopes);
                terminal.out().println(token.token());
            }
            return ExitCode.DONE;
        });
    }
}
