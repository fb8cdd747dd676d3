package io.millrace.cli;

import io.millrace.cli.send.Http;
import io.millrace.cli.send.PipelineStates;
import io.millrace.cli.send.TokenSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace top}. */
final class TopCommand implements Command {

    private static final String USUAL = "http://127.0.0.1:8080";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final String HOME = "\u001b[H";
    private static final String CLEAR = "\u001b[2J";
    private static final String END_OF_LINE = "\u001b[K";
    private static final String END_OF_SCREEN = "\u001b[J";

    private final Terminal terminal;
    private final SendTokens tokens;

    /** @param local whom to ask for tokens where the server is on this machine and the user gives none */
    TopCommand(Terminal terminal, Map<String, String> environment, SendTokens.Local local) {
        this.terminal = terminal;
        this.tokens = new SendTokens(environment, local);
    }

    @Override
    public CommandSpec spec() {
        return ConfigArguments.addTo(Command.spec(
                        "Shows how the pipelines of a server do: rates, how far they are behind, what went to the"
                                + " quarantine, how long commits take. Ctrl-C ends it.")
                .addOption(Command.option("--to", String.class, "URL", "The server (" + USUAL + ").").toBuilder()
                        .defaultValue(USUAL)
                        .build())
                .addOption(OptionSpec.builder("--once")
                        .type(boolean.class)
                        .arity("0")
                        .description("Prints one table and ends.")
                        .build())
                .addOption(
                        Command.option("--every", Duration.class, "TIME", "How long to wait between two tables (1s).")
                                .toBuilder()
                                .converters(Amounts::duration)
                                .build())
                .addOption(Command.option(
                        SendArguments.CLIENT,
                        String.class,
                        "ID",
                        "The client to get tokens for (MILLRACE_CLIENT). Its secret is MILLRACE_CLIENT_SECRET; a token"
                                + " of your own is MILLRACE_TOKEN."))
                .addOption(Command.option(
                        SendArguments.SECRET_FILE, Path.class, "FILE", "A file with the client's secret."))
                .addOption(Command.option(
                        SendArguments.TOKEN_URL, String.class, "URL", "Who issues tokens (/oauth2/token there)."))
                .addOption(Command.option(
                        "--cacert",
                        Path.class,
                        "FILE",
                        "Certificates (PEM) of authorities to trust besides the usual."))
                .addOption(PipelineArguments.home()));
    }

    @Override
    public int run(ParseResult given) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Interrupts.handledBy(asked::countDown);
        URI target = SendArguments.url(given, "--to");
        Duration every = given.matchedOptionValue("--every", Duration.ofSeconds(1));
        if (!every.isPositive()) {
            throw UserException.usage("--every must be more than 0");
        }
        try (Http http = Http.open(SendArguments.authorities(given), TIMEOUT)) {
            Optional<TokenSource> source = tokens.of(given, target, http);
            PipelineStates states = new PipelineStates(http, source.orElseGet(TokenSource::none), target);
            if (given.hasMatchedOption("--once")) {
                return once(states);
            }
            return follow(states, every, asked);
        } catch (PipelineStates.RefusedException e) {
            throw UserException.failed(String.valueOf(e.getMessage()));
        }
    }

    private int once(PipelineStates states)
            throws UserException, PipelineStates.RefusedException, InterruptedException {
        List<String> lines;
        try {
            lines = TopTable.lines(states.read());
        } catch (IOException e) {
            throw UserException.failed(String.valueOf(e.getMessage()));
        }
        lines.forEach(terminal.out()::println);
        terminal.stillRead();
        return ExitCode.DONE;
    }

    private int follow(PipelineStates states, Duration every, CountDownLatch asked)
            throws UserException, PipelineStates.RefusedException, InterruptedException {
        boolean screen = terminal.styled();
        if (screen) {
            terminal.out().print(CLEAR);
        }
        while (true) {
            List<String> lines;
            try {
                lines = TopTable.lines(states.read());
            } catch (IOException e) {
                // A server that is started again is there again.
                lines = List.of(String.valueOf(e.getMessage()));
            }
            show(lines, screen);
            if (!terminal.stillRead() || asked.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                return ExitCode.DONE;
            }
        }
    }

    private void show(List<String> lines, boolean screen) {
        if (screen) {
            terminal.out().print(HOME);
            // A line that wraps would move all below it.
            lines.forEach(line -> terminal.out()
                    .println(line.substring(0, Math.min(line.length(), terminal.columns())) + END_OF_LINE));
            terminal.out().print(END_OF_SCREEN);
        } else {
            lines.forEach(terminal.out()::println);
            terminal.out().println();
        }
        terminal.out().flush();
    }
}
