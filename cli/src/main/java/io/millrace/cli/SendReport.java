package io.millrace.cli;

import io.millrace.cli.output.Figures;
import io.millrace.cli.send.Kept;
import io.millrace.cli.send.SendPlan;
import io.millrace.cli.send.SendSummary;
import io.millrace.cli.send.SendSummary.Counts;
import io.millrace.cli.send.Verdict;
import java.io.PrintStream;
import java.net.URI;

/** What a sending came to: figures on the output, what needs care on the other stream. */
final class SendReport {

    private final URI target;
    /** Whether the gateway recognises what it has taken when the same command is run again. */
    private final boolean recognised;

    private final PrintStream out;
    private final PrintStream err;
    private final Invocation invocation;

    SendReport(SendPlan plan, Terminal terminal, Invocation invocation) {
        this.target = plan.target();
        this.recognised = !plan.watch() && !plan.again();
        this.out = terminal.out();
        this.err = terminal.err();
        this.invocation = invocation;
    }

    /** Prints what became of the events, and returns the exit code that goes with it. */
    int counts(SendSummary summary) {
        Counts counts = summary.counts();
        int width = Figures.count(Math.max(counts.sent(), counts.retries())).length();
        out.println(target + ": " + heading(summary));
        out.println(line("sent", counts.sent(), width) + "  from " + Figures.bytes(counts.bytes()));
        out.println(line("accepted", counts.accepted(), width)
                + (counts.repeated() == 0
                        ? ""
                        : "  of which the gateway had " + Figures.count(counts.repeated())
                                + " already (--again sends them as new)"));
        out.println(line("refused", counts.refused(), width));
        out.println(line("retried", counts.retries(), width)
                + (counts.retries() == 0 ? "" : "  requests that did not come through at first"));
        out.println("  elapsed   " + Figures.duration(summary.elapsed())
                + (counts.sent() == 0
                        ? ""
                        : ", " + Figures.rate(counts.sent(), summary.elapsed()) + ", "
                                + Figures.count(counts.requests(), "request")));
        out.flush();
        summary.kept().forEach(this::kept);
        summary.unread()
                .forEach(rest -> err.println("millrace: " + rest.input() + " is not sent from line "
                        + rest.line() + " on."
                        + (recognised
                                ? " The same command goes on: what the gateway has taken it does not take twice."
                                : "")));
        summary.failures()
                .forEach(failure -> err.println("millrace: " + failure.what() + ": " + Failures.text(failure.cause())));
        if (counts.kept() > 0 || !summary.failures().isEmpty()) {
            return ExitCode.FAILED;
        }
        return summary.stopped() ? ExitCode.INTERRUPTED : ExitCode.DONE;
    }

    private static String heading(SendSummary summary) {
        if (!summary.failures().isEmpty()) {
            return "could not send everything";
        }
        if (summary.counts().kept() > 0) {
            return "not everything was taken; what was not is kept";
        }
        return summary.stopped() ? "stopped" : "done";
    }

    private static String line(String name, long count, int width) {
        return String.format("  %-9s %" + width + "s", name, Figures.count(count));
    }

    private void kept(Kept kept) {
        err.println("millrace: " + Figures.count(kept.events(), "event") + " of " + kept.input()
                + (kept.events() == 1 ? " was" : " were") + " not taken, and kept in " + kept.file() + ":");
        int width = Figures.count(kept.events()).length();
        boolean passing = true;
        for (Kept.Because because : kept.reasons()) {
            err.println(String.format("  %" + width + "s", Figures.count(because.events())) + "  " + because.lines()
                    + ": " + because.reason());
            passing &= because.passing();
        }
        err.println(
                passing && kept.rereadable() && recognised
                        ? "The same command sends them again; what the gateway has taken it does not take twice."
                        : "To send them, put right where they are wrong:  "
                                + invocation.command("send", kept.file().toString(), "--to", target.toString()));
    }

    /** Prints whether the pipelines have everything, and returns the exit code that goes with it. */
    int verdict(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Reached(var pipelines, var waited) -> {
                out.println(
                        pipelines.isEmpty()
                                ? "  verified  there was nothing to wait for"
                                : "  verified  " + String.join(", ", pipelines)
                                        + (pipelines.size() == 1 ? " has" : " have") + " taken everything, "
                                        + Figures.duration(waited) + " after the last answer");
                out.flush();
                yield ExitCode.DONE;
            }
            case Verdict.Missed(var reasons, var waited) -> {
                reasons.forEach(reason ->
                        err.println("millrace: not verified after " + Figures.duration(waited) + ": " + reason));
                yield ExitCode.FAILED;
            }
            case Verdict.Stopped stopped -> {
                err.println("millrace: not verified; what was sent stays sent");
                yield ExitCode.INTERRUPTED;
            }
        };
    }
}
