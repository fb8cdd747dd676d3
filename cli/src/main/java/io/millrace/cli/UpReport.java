package io.millrace.cli;

import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.yaml.Problem;
import io.millrace.server.Server;
import io.millrace.server.ServerListener;
import io.millrace.server.remote.RemoteFolder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Tells the operator what happens, a line each with its time. Thread-safe. */
final class UpReport implements ServerListener, RemoteFolder.Listener {

    private final Terminal terminal;
    private final Invocation invocation;
    private final InstantSource clock;

    UpReport(Terminal terminal, Invocation invocation, InstantSource clock) {
        this.terminal = terminal;
        this.invocation = invocation;
        this.clock = clock;
    }

    private synchronized void say(String what) {
        terminal.err().println(clock.instant().truncatedTo(ChronoUnit.MILLIS) + " " + what);
    }

    void listening(Server server) {
        say("listening at " + server.address());
        server.demo().ifPresent(demo -> {
            say("client " + demo.clientId() + " has the secret " + demo.secret() + ", which is shown only now");
            say("on this machine a token needs no secret: " + invocation.command("token", "--client", demo.clientId()));
        });
    }

    void stopping() {
        say("stopping: what was received is on disk, what was read is committed; once more to leave at once");
    }

    void stopped() {
        say("stopped");
    }

    @Override
    public void warning(String message) {
        say("warning: " + message);
    }

    @Override
    public void started(Pipeline pipeline) {
        say("pipeline " + pipeline.name() + " runs, into " + pipeline.table());
    }

    @Override
    public void stopped(String pipeline) {
        say("pipeline " + pipeline + " has stopped");
    }

    @Override
    public synchronized void refused(Path file, List<Problem> problems, boolean kept) {
        say(file + " can't be used" + (kept ? "; what it said before goes on running" : ""));
        PipelineProblems.print(problems, terminal);
    }

    @Override
    public void failed(String pipeline, String reason) {
        say("pipeline " + pipeline + " failed and is tried again: " + reason);
    }

    @Override
    public void destinationAway(String pipeline, String reason) {
        say("pipeline " + pipeline + " waits for its destination: " + reason);
    }

    @Override
    public void destinationBack(String pipeline) {
        say("pipeline " + pipeline + " goes on: its destination is back");
    }

    @Override
    public synchronized void refused(String url, List<Problem> problems) {
        say("what " + url + " gives now can't be used; what it gave before goes on");
        PipelineProblems.print(problems, terminal);
    }

    @Override
    public void away(String url, String reason) {
        say("warning: no pipelines from " + url + " at present, what it gave before goes on: " + reason);
    }

    @Override
    public void back(String url) {
        say(url + " gives pipelines again");
    }
}
