package io.millrace.cli;

import io.millrace.cli.output.Figures;
import io.millrace.cli.send.Http;
import io.millrace.cli.send.Input;
import io.millrace.cli.send.SendPlan;
import io.millrace.cli.send.SendSummary;
import io.millrace.cli.send.Sending;
import io.millrace.cli.send.TokenSource;
import io.millrace.cli.send.Verdict;
import io.millrace.engine.live.Repeating;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace send}. */
final class SendCommand implements Command {

    private final Terminal terminal;
    private final SendTokens tokens;
    private final InputStream standardInput;

    /** @param local whom to ask for tokens where the gateway is on this machine and the user gives none */
    SendCommand(Terminal terminal, Map<String, String> environment, InputStream standardInput, SendTokens.Local local) {
        this.terminal = terminal;
        this.tokens = new SendTokens(environment, local);
        this.standardInput = standardInput;
    }

    @Override
    public CommandSpec spec() {
        return SendArguments.spec();
    }

    @Override
    public int run(ParseResult given) throws Exception {
        // Until there is something to stop, leaving is clean.
        Interrupts interrupts = Interrupts.handledBy(() -> System.exit(ExitCode.INTERRUPTED));
        SendPlan plan = SendArguments.plan(given);
        List<Input> inputs = SendArguments.inputs(given, standardInput);
        Duration verifyWithin = SendArguments.verifyWithin(given);
        try (Http http = Http.open(SendArguments.authorities(given), plan.timeout())) {
            Optional<TokenSource> source = tokens.of(given, plan.target(), http);
            if (source.isPresent() && !SendTokens.secret(plan.target())) {
                terminal.err()
                        .println("millrace: the token goes to " + plan.target().getHost()
                                + " for all on the way to read; https would keep it secret");
            }
            SendProgress progress = new SendProgress(terminal);
            Sending sending = new Sending(plan, inputs, http, source.orElseGet(TokenSource::none), progress);
            interrupts.handleBy(() -> {
                progress.stopping();
                sending.stop();
            });
            SendReport report = new SendReport(plan, terminal, Invocation.of(given));
            SendSummary summary;
            try (progress) {
                progress.follow(sending);
                summary = sending.run();
            }
            int code = report.counts(summary);
            if (verifyWithin == null || summary.stopped()) {
                return code;
            }
            return Math.max(code, report.verdict(verify(sending, summary, verifyWithin)));
        }
    }

    private Verdict verify(Sending sending, SendSummary summary, Duration within) throws InterruptedException {
        long start = System.nanoTime();
        try (ProgressLine line = new ProgressLine(terminal);
                Repeating _ = ProgressLine.ticking(() -> line.show(() -> "waiting for the pipelines, "
                        + Figures.duration(Duration.ofNanos(System.nanoTime() - start))))) {
            return sending.verify(summary, within);
        }
    }
}
