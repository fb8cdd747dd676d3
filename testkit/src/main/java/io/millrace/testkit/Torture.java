package io.millrace.testkit;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** {@code ./millrace-testkit batch|live KILLS [SEED]}: the crash harnesses for as long as one likes. */
public final class Torture {

    private static final int USAGE = 2;
    private static final int FAILED = 1;
    private static final int INTERRUPTED = 130;

    private static final String HOW = """
            usage: millrace-testkit batch KILLS [SEED]
                   millrace-testkit live KILLS [SEED]
                   millrace-testkit fuzz TARGET SECONDS      (fuzz --help says more)

            Kills the real millrace at random moments and checks that every event is counted exactly once.

              batch   kills `millrace run`, with its PostgreSQL or without, while its files grow and are rotated
              live    kills `millrace up` or its PostgreSQL, or restarts it, or pauses it for longer than its lease
                      beside another, while clients send to it
              KILLS   how often, 1 to 999999
              SEED    a number: the same one makes the same events and the same plan, though not the same timing

            It ends with 0 where everything is exact, 1 where something is not (the files are kept then), 2 where it was
            called wrongly, and 130 after Ctrl-C, with what was proved until then.
            """;

    private static final int EVENTS_PER_ROUND = 2_000;

    private Torture() {}

    private record Call(boolean live, int kills, long seed) {
        static Call of(String[] args) {
            if (args.length < 2
                    || args.length > 3
                    || !args[0].matches("batch|live")
                    || !args[1].matches("0*[1-9]\\d{0,5}")) {
                throw new IllegalArgumentException("expected batch or live, and how many kills");
            }
            return new Call(
                    args[0].equals("live"),
                    Integer.parseInt(args[1]),
                    args.length == 3 ? Long.parseLong(args[2]) : System.nanoTime());
        }
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 1 && args[0].matches("-h|--help|help")) {
            System.out.print(HOW);
            return;
        }
        Call call;
        try {
            call = Call.of(args);
        } catch (IllegalArgumentException e) {
            System.err.print(HOW);
            System.exit(USAGE);
            return;
        }
        Path work = Files.createTempDirectory("millrace-torture");
        System.out.println("seed " + call.seed() + ", working in " + work);
        try {
            if (call.live()) {
                live(call, work);
            } else {
                System.out.println(new CrashHarness(
                                Launcher.ofThisTree(work.resolve("home")),
                                (call.seed() & 1) == 1,
                                work.resolve("data"),
                                call.seed(),
                                System.out)
                        .run(call.kills(), EVENTS_PER_ROUND));
            }
        } catch (AssertionError e) {
            System.err.println(e.getMessage());
            System.err.println("NOT EXACT; seed " + call.seed() + ", see " + work);
            System.exit(FAILED);
        }
        System.out.println("exact after " + call.kills() + " kills");
        delete(work);
    }

    private static void live(Call call, Path work) throws IOException, InterruptedException {
        LiveSystem system = LiveSystem.in(work);
        LiveTorture torture = new LiveTorture(system, LiveTorture.Plan.everything(), call.seed(), System.out);
        Thread interrupted = new Thread(() -> {
            System.out.println("interrupted; until then: " + torture.outcome());
            try {
                system.close();
                delete(work);
            } catch (IOException e) {
                System.err.println("what is left is in " + work + ": " + e);
            }
            // The main thread has seen its processes end and would call it a failure.
            Runtime.getRuntime().halt(INTERRUPTED);
        });
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            System.out.println(torture.run(call.kills()));
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(interrupted);
                system.close();
            } catch (IllegalStateException e) {
                // Interrupted: the hook does it, and ends this process.
                Thread.currentThread().join();
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @org.jspecify.annotations.Nullable IOException e)
                    throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
