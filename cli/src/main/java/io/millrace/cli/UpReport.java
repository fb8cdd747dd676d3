package io.millrace.cli;

import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.yaml.Problem;
import io.millrace.server.Server;
import io.millrace.server.ServerListener;
import io.millrace.server.auth.NewSecret;
import io.millrace.server.ops.Notice;
import io.millrace.server.remote.RemoteFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Tells the operator what happens. Thread-safe. */
final class UpReport implements ServerListener, RemoteFolder.Listener {

    private final Journal journal;
    private final Invocation invocation;

    UpReport(Journal journal, Invocation invocation) {
        this.journal = journal;
        this.invocation = invocation;
    }

    void listening(Server server) {
        notice(Notice.info("server.listening", "listening at " + server.address()));
        server.demo().ifPresent(this::demo);
    }

    private void demo(NewSecret demo) {
        String secret = journal.forPrograms()
                ? "client " + demo.clientId() + " was made; " + invocation.command("client", "rotate", demo.clientId())
                        + " shows a secret for it"
                : "client " + demo.clientId() + " has the secret " + demo.secret() + ", which is shown only now";
        notice(Notice.info("client.made", secret));
        notice(Notice.info(
                "client.made",
                "on this machine a token needs no secret: "
                        + invocation.command("token", "--client", demo.clientId())));
    }

    void stopping() {
        notice(Notice.info(
                "server.stopping",
                "stopping: what was received is on disk, what was read is committed; once more to leave at once"));
    }

    void stopped() {
        notice(Notice.info("server.stopped", "stopped"));
    }

    @Override
    public void notice(Notice notice) {
        journal.write(notice);
    }

    @Override
    public void started(Pipeline pipeline) {
        notice(Notice.info("pipeline.started", "pipeline " + pipeline.name() + " runs, into " + pipeline.table())
                .of(pipeline.name()));
    }

    @Override
    public void stopped(String pipeline) {
        notice(Notice.info("pipeline.stopped", "pipeline " + pipeline + " has stopped")
                .of(pipeline));
    }

    @Override
    public void refused(Path file, List<Problem> problems, boolean kept) {
        String what = file + " can't be used" + (kept ? "; what it said before goes on running" : "");
        notice(Notice.error("pipeline.refused", what + why(problems)));
    }

    /** Lines of the file, with a mark below, are for eyes only. */
    private String why(List<Problem> problems) {
        return journal.forPrograms()
                ? ": " + problems.stream().map(Problem::toString).collect(Collectors.joining("; "))
                : "\n" + problems.stream().map(Problem::render).collect(Collectors.joining("\n"));
    }

    @Override
    public void failed(String pipeline, String reason) {
        notice(Notice.error("pipeline.failed", "pipeline " + pipeline + " failed and is tried again: " + reason)
                .of(pipeline));
    }

    @Override
    public void halted(String pipeline, String reason) {
        notice(Notice.error("pipeline.halted", "pipeline " + reason).of(pipeline));
    }

    @Override
    public void altered(String pipeline, String what) {
        notice(Notice.info("table.altered", "pipeline " + pipeline + " has altered its table: " + what)
                .of(pipeline));
    }

    @Override
    public void destinationAway(String pipeline, String reason) {
        notice(Notice.warning("destination.away", "pipeline " + pipeline + " waits for its destination: " + reason)
                .of(pipeline));
    }

    @Override
    public void destinationBack(String pipeline) {
        notice(Notice.info("destination.back", "pipeline " + pipeline + " goes on: its destination is back")
                .of(pipeline));
    }

    @Override
    public void refused(String url, List<Problem> problems) {
        notice(Notice.error(
                "folder.refused",
                "what " + url + " gives now can't be used; what it gave before goes on" + why(problems)));
    }

    @Override
    public void away(String url, String reason) {
        notice(Notice.warning(
                "folder.away", "no pipelines from " + url + " at present, what it gave before goes on: " + reason));
    }

    @Override
    public void back(String url) {
        notice(Notice.info("folder.back", url + " gives pipelines again"));
    }
}
