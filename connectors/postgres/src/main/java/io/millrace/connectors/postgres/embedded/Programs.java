package io.millrace.connectors.postgres.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commands that run PostgreSQL's programs as a user that they accept.
 *
 * <p>PostgreSQL refuses to run as root. Where we are root, a new user namespace makes it believe otherwise while its
 * files stay root's; where namespaces are switched off (Docker's default), the programs run as {@code nobody} and the
 * data folder is given to that user.
 */
final class Programs {

    /** {@code nobody}. */
    private static final int NOBODY = 65534;

    private final Path bin;
    private final List<String> identity;
    private final @Nullable Integer owner;

    private Programs(Path bin, List<String> identity, @Nullable Integer owner) {
        this.bin = bin;
        this.identity = identity;
        this.owner = owner;
    }

    /** @param binaries the folder with PostgreSQL's {@code bin} */
    static Programs in(Path binaries) throws IOException, InterruptedException {
        Path bin = binaries.resolve("bin");
        if ((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") != 0) {
            return new Programs(bin, List.of(), null);
        }
        return namespacesWork() ? inNamespace(bin) : asNobody(bin);
    }

    static Programs inNamespace(Path bin) {
        return new Programs(bin, List.of("unshare", "--user"), null);
    }

    static Programs asNobody(Path bin) {
        return new Programs(
                bin, List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"), NOBODY);
    }

    private static boolean namespacesWork() throws IOException, InterruptedException {
        return onPath("unshare") && run(List.of("unshare", "--user", "true")).exitCode() == 0;
    }

    /** The user that must own the data folder where it is not the one that we run as. */
    @Nullable
    Integer owner() {
        return owner;
    }

    /** A program that we wait for. */
    List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>(identity);
        command.add(bin.resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * A server that ends when the thread that starts it does (PR_SET_PDEATHSIG), which is also what happens when this
     * process is killed: it then gets SIGINT, which is PostgreSQL's fast and clean shutdown. A session of its own keeps
     * the Ctrl-C of a terminal from it, so that a last commit still finds it there. Where a tool is missing the server
     * runs without that care, and the next start finds the orphan.
     */
    List<String> server(String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (onPath("setsid")) {
            command.add("setsid");
        }
        command.addAll(identity);
        if (onPath("setpriv")) {
            // Last in the row, since a change of user clears the signal.
            command.addAll(List.of("setpriv", "--pdeathsig", "INT"));
        }
        command.add(bin.resolve(program).toString());
        command.addAll(arguments);
        return command;
    }

    /** What a finished program said. */
    record Outcome(int exitCode, String output) {}

    /** Runs a command to its end. */
    static Outcome run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output.strip());
        } finally {
            process.destroy();
        }
    }

    /** Sends a signal. {@link Process} can send only SIGTERM and SIGKILL, which mean other things to PostgreSQL. */
    static void signal(String signal, long pid) throws IOException, InterruptedException {
        run(List.of("sh", "-c", "kill -" + signal + " " + pid));
    }

    private static boolean onPath(String tool) {
        for (String folder :
                System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return true;
            }
        }
        return false;
    }
}
