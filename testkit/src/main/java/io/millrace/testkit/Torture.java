package io.millrace.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/** {@code ./millrace-testkit KILLS [SEED]}: the crash harness for as long as one likes. */
public final class Torture {

    private Torture() {}

    public static void main(String[] args) throws Exception {
        if (args.length < 1 || args.length > 2 || !args[0].matches("\\d{1,6}")) {
            System.err.println("usage: millrace-testkit KILLS [SEED]");
            System.exit(2);
        }
        int kills = Integer.parseInt(args[0]);
        long seed = args.length == 2 ? Long.parseLong(args[1]) : System.nanoTime();
        Path work = Files.createTempDirectory("millrace-torture");
        System.out.println("seed " + seed + ", working in " + work);
        CrashHarness harness =
                new CrashHarness(Launcher.ofThisTree(work.resolve("home")), work.resolve("data"), seed, System.out);
        System.out.println(harness.run(kills, 2_000));
        System.out.println("exact after " + kills + " kills");
    }
}
