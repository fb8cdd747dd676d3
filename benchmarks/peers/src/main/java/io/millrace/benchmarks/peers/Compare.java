package io.millrace.benchmarks.peers;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine;

/** {@code benchmarks/compare}: runs all contestants in turn, round by round, and writes the report. */
public final class Compare {

    private static final int LOG_LINES = 12;

    private final Options options;
    private final Path root;
    private final Arena arena;
    private final Meter meter;
    private final Path launcher;

    private Compare(Options options, Path root, Arena arena, Meter meter) {
        this.options = options;
        this.root = root;
        this.arena = arena;
        this.meter = meter;
        this.launcher = options.launcher == null ? root.resolve("millrace") : options.launcher.toAbsolutePath();
    }

    /**
     * Exits with 0 where all that took part ended and agree, with 1 where one failed or differs, with 2 for a wrong
     * option.
     *
     * @param arguments see {@link Options}; the system property {@code millrace.root} is the root of the source tree
     */
    public static void main(String[] arguments) throws Exception {
        Options options = new Options();
        CommandLine commandLine = new CommandLine(options);
        try {
            commandLine.parseArgs(arguments);
        } catch (CommandLine.ParameterException e) {
            System.err.println(e.getMessage());
            commandLine.usage(System.err);
            System.exit(2);
        }
        if (options.help) {
            commandLine.usage(System.out);
            return;
        }
        Path root = Path.of(Objects.requireNonNull(System.getProperty("millrace.root"), "millrace.root"));
        boolean right = compare(options, root);
        System.exit(right ? 0 : 1);
    }

    private static boolean compare(Options options, Path root) throws Exception {
        Path work = options.work == null ? root.resolve("benchmarks/target") : options.work.toAbsolutePath();
        Arena arena = Arena.open(work);
        Meter meter = new Meter(
                arena.server(), Duration.ofSeconds(options.limitSeconds), Duration.ofSeconds(options.patienceSeconds));
        // Also on Ctrl-C: no process and no file is left behind.
        Thread cleaning = new Thread(() -> {
            meter.close();
            arena.close();
        });
        Runtime.getRuntime().addShutdownHook(cleaning);
        return new Compare(options, root, arena, meter).run();
    }

    private boolean run() throws IOException, InterruptedException, SQLException {
        Path file = input();
        long events = options.file == null ? options.events : lines(file);
        List<Score> scores = new ArrayList<>();
        for (Contestant contestant : chosen(file, events)) {
            scores.add(new Score(contestant));
        }
        int rounds = 0;
        round(scores, 0);
        while (rounds < options.rounds || (rounds < options.rounds + options.extraRounds && disturbed(scores))) {
            round(scores, ++rounds);
        }
        Report report = new Report(input(events, file), surroundings(), rounds, scores);
        String markdown = report.markdown(Instant.now());
        System.out.println(markdown);
        Path results = options.results == null ? root.resolve("benchmarks/results") : options.results;
        Path to = Files.createDirectories(results).resolve("compare-" + events + (options.aot ? "-aot" : "") + ".md");
        Files.writeString(to, markdown);
        say("written to " + to);
        return report.allAgree() && scores.stream().allMatch(Score::hasFigures);
    }

    private List<Contestant> chosen(Path file, long events) throws IOException {
        Path pipeline = root.resolve("examples/revenue-batch/pipeline.yaml");
        List<Path> classpath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .toList();
        List<Contestant> all = new Contestants(launcher, pipeline, classpath, arena.folder()).all(file);
        List<String> known = all.stream().map(Contestant::id).toList();
        Stream.concat(options.only.stream(), options.with.stream())
                .filter(id -> !known.contains(id))
                .findFirst()
                .ifPresent(id -> {
                    throw new IllegalArgumentException("no contestant " + id + "; there are " + known);
                });
        return all.stream()
                .filter(contestant -> takesPart(contestant.id(), events))
                .toList();
    }

    private boolean takesPart(String id, long events) {
        if (!options.only.isEmpty()) {
            return options.only.contains(id);
        }
        return events <= Contestants.LARGE_EVENTS
                || !Contestants.LEFT_OUT_WHEN_LARGE.contains(id)
                || options.with.contains(id);
    }

    private void round(List<Score> scores, int round) throws IOException, InterruptedException, SQLException {
        for (Score score : scores) {
            if (score.failure().isEmpty()) {
                run(score, round);
            }
        }
    }

    /** Whether a contestant has fewer runs without other work on the machine than rounds were asked for. */
    private boolean disturbed(List<Score> scores) {
        return scores.stream().anyMatch(score -> score.failure().isEmpty() && score.undisturbed() < options.rounds);
    }

    /** Round 0 warms the page cache, tells whether the contestant works at all, and does not count. */
    private void run(Score score, int round) throws IOException, InterruptedException, SQLException {
        Contestant contestant = score.contestant();
        Path log = arena.folder().resolve(contestant.id() + ".log");
        try (Arena.Database database = arena.create("of-" + contestant.id())) {
            if (!contestant.before().isEmpty()) {
                int exitCode = process(contestant, contestant.before(), database, log)
                        .start()
                        .waitFor();
                if (exitCode != 0) {
                    throw new IOException(contestant.before() + " ended with exit code " + exitCode);
                }
                arena.checkpoint();
            }
            meter.awaitQuiet();
            ProcessBuilder builder = process(contestant, command(contestant, round), database, log);
            Meter.Run run = meter.run(builder);
            if (run.exitCode() != 0) {
                score.fail("exit code " + run.exitCode() + "\n" + end(log));
            } else {
                Contents contents = contestant.writesTable()
                        ? Contents.ofTable(database.jdbcUrl())
                        : Contents.ofSums(Files.readString(log));
                check(score, contents);
                if (round > 0) {
                    score.add(run.usage());
                }
            }
            say("%-16s %s %7.3f s, others' load %2.0f %%%s"
                    .formatted(
                            contestant.id(),
                            round == 0 ? "warm-up" : "round " + round,
                            run.usage().wallSeconds(),
                            run.usage().othersLoad() * 100,
                            score.failure().map(why -> ": " + why).orElse("")));
        } catch (IOException | SQLException e) {
            score.fail(e + "\n" + end(log));
            say(contestant.id() + ": " + score.failure().orElseThrow());
        }
    }

    private static void check(Score score, Contents contents) {
        if (score.contents().isPresent() && !score.contents().get().equals(contents)) {
            score.fail("gave " + contents + " after " + score.contents().get());
        }
        score.contents(contents);
    }

    private List<String> command(Contestant contestant, int round) {
        List<String> command = new ArrayList<>(contestant.command());
        if (options.aot && contestant.vmOptionsAt() >= 0) {
            Path cache = arena.folder().resolve(contestant.id() + ".aot");
            command.add(contestant.vmOptionsAt(), (round == 0 ? "-XX:AOTCacheOutput=" : "-XX:AOTCache=") + cache);
        }
        return command;
    }

    private ProcessBuilder process(Contestant contestant, List<String> command, Arena.Database database, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(contestant.writesTable())
                .redirectOutput(log.toFile());
        if (!contestant.writesTable()) {
            builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        }
        builder.environment().putAll(contestant.environment());
        builder.environment().put(Task.DATABASE_URL, database.jdbcUrl());
        builder.environment().put("MILLRACE_DATABASE_URL", database.url());
        return builder;
    }

    private static String end(Path log) throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    }

    /** The file to read, made by Millrace itself where none is given. */
    private Path input() throws IOException, InterruptedException {
        if (options.file != null) {
            return options.file.toRealPath();
        }
        Path file = arena.folder().resolve("events.jsonl");
        say("making up " + options.events + " events");
        Process process = new ProcessBuilder(
                        launcher.toString(),
                        "generate",
                        "revenue",
                        "--events",
                        Long.toString(options.events),
                        "--users",
                        Long.toString(options.users),
                        "--seed",
                        "7",
                        "--out",
                        file.toString())
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(launcher + " generate failed with exit code " + process.exitValue());
        }
        return file;
    }

    private static long lines(Path file) throws IOException {
        long lines = 0;
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
            for (int read = bytes.read(); read >= 0; read = bytes.read()) {
                if (read == '\n') {
                    lines++;
                }
            }
        }
        return lines;
    }

    private String input(long events, Path file) throws IOException {
        String users = options.file == null ? String.format(Locale.ROOT, " of %,d users", options.users) : "";
        return String.format(Locale.ROOT, "%,d events%s, %.0f MB", events, users, Files.size(file) / 1e6);
    }

    private List<String> surroundings() throws IOException, InterruptedException, SQLException {
        List<String> lines = new ArrayList<>();
        lines.add(Kernel.machine());
        lines.add("Java " + System.getProperty("java.vendor.version") + " for all"
                + (options.aot ? ", with AOT caches for the peers too" : ""));
        lines.add(arena.description());
        lines.add("revision " + revision());
        return lines;
    }

    private String revision() throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "-C", root.toString(), "describe", "--always", "--dirty").start();
        String printed = new String(git.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return git.waitFor() == 0 ? printed.strip() : "unknown";
    }

    private static void say(String line) {
        System.err.println(line);
    }
}
