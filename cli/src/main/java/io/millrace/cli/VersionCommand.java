package io.millrace.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace version}. */
final class VersionCommand implements Command {

    private final Terminal terminal;

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public CommandSpec spec() {
        return Command.spec("Prints the version of Millrace and of the Java that runs it.");
    }

    @Override
    public int run(ParseResult given) throws IOException {
        try (InputStream in = Objects.requireNonNull(VersionCommand.class.getResourceAsStream("version.txt"))) {
            String version = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            terminal.out()
                    .println("millrace " + version + " (Java " + Runtime.version() + ", "
                            + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ")");
        }
        return ExitCode.DONE;
    }
}
