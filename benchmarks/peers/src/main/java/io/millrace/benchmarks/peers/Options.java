package io.millrace.benchmarks.peers;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the command line says. */
@Command(
        name = "benchmarks/compare",
        description = "Compares Millrace with its peers as whole processes on one file, and prints the ratios.",
        sortOptions = false)
final class Options {

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "2000000",
            description = "How many events to make up (default: ${DEFAULT-VALUE}).")
    long events = 2_000_000;

    @Option(
            names = "--users",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Of how many users (default: ${DEFAULT-VALUE}).")
    long users = 100_000;

    @Option(names = "--file", paramLabel = "FILE", description = "Use these events instead of making some up.")
    @Nullable
    Path file;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often each runs, after a first run that is not counted (default: ${DEFAULT-VALUE}).")
    int rounds = 5;

    @Option(
            names = "--extra-rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many rounds more at most, as long as other work on the machine has disturbed too many"
                    + " runs (default: ${DEFAULT-VALUE}).")
    int extraRounds = 5;

    @Option(
            names = "--with",
            paramLabel = "ID",
            split = ",",
            description = "Also run these, which large inputs leave out: flink, postgres.")
    List<String> with = List.of();

    @Option(
            names = "--only",
            paramLabel = "ID",
            split = ",",
            description = "Run only these, of: millrace, duckdb, duckdb-unpacked, flink, postgres, loop.")
    List<String> only = List.of();

    @Option(
            names = "--aot",
            description = "Give the peers an AOT cache of the JDK too, made in the first run; Millrace always has one.")
    boolean aot;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "How long to wait before each run for other work on the machine to end"
                    + " (default: ${DEFAULT-VALUE}).")
    int patienceSeconds = 20;

    @Option(
            names = "--limit",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "How long one run may take (default: ${DEFAULT-VALUE}).")
    int limitSeconds = 600;

    @Option(
            names = "--launcher",
            paramLabel = "FILE",
            description = "The ./millrace to run (default: the one of this tree).")
    @Nullable
    Path launcher;

    @Option(
            names = "--work",
            paramLabel = "FOLDER",
            description = "Where the input, the server's data and all else that is made lies; a folder inside it is"
                    + " created and removed (default: benchmarks/target).")
    @Nullable
    Path work;

    @Option(
            names = "--results",
            paramLabel = "FOLDER",
            description = "Where the report goes (default: benchmarks/results).")
    @Nullable
    Path results;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Say this.")
    boolean help;
}
