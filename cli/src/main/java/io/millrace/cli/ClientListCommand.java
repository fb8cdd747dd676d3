package io.millrace.cli;

import io.millrace.cli.output.ResultFormat;
import io.millrace.cli.output.ResultWriter;
import io.millrace.connectors.postgres.Query.Column;
import io.millrace.connectors.postgres.Query.Kind;
import io.millrace.server.auth.Client;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace client ls}. */
final class ClientListCommand implements Command {

    private static final List<Column> COLUMNS = List.of(
            new Column("client", "text", Kind.TEXT),
            new Column("state", "text", Kind.TEXT),
            new Column("scopes", "text", Kind.TEXT),
            new Column("created", "timestamptz", Kind.TEXT),
            new Column("secret_since", "timestamptz", Kind.TEXT),
            new Column("old_secret_until", "timestamptz", Kind.TEXT));

    private final Terminal terminal;
    private final Map<String, String> environment;

    ClientListCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        return ConfigArguments.addTo(Command.spec("Lists who may get tokens, what for, and since when.")
                .addOption(Command.option("--format", ResultFormat.class, "FORMAT", "table, csv or json (table)."))
                .addOption(PipelineArguments.home()));
    }

    @Override
    public int run(ParseResult given) throws Exception {
        ResultFormat format = given.matchedOptionValue("--format", ResultFormat.TABLE);
        Path home = PipelineArguments.home(given, environment);
        return ConfigArguments.with(given, environment, terminal, configured -> {
            try (HomeAuth auth = HomeAuth.existing(home, configured.config().auth())) {
                List<Client> clients = auth.issuer().clients().list();
                ResultWriter writer = format.writer(terminal.out(), terminal.styled());
                writer.begin(COLUMNS);
                clients.forEach(client -> writer.row(row(client)));
                writer.end(clients.size());
            }
            return ExitCode.DONE;
        });
    }

    private static List<@Nullable String> row(Client client) {
        Instant until = client.secrets().stream()
                .map(Client.Secret::expires)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(null);
        return Arrays.asList(
                client.id(),
                client.disabled() ? "disabled" : "enabled",
                ScopeArguments.text(client.scopes()),
                client.created().toString(),
                client.secrets().getFirst().created().toString(),
                until == null ? null : until.toString());
    }
}
