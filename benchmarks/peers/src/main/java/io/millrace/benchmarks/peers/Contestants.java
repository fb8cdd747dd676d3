package io.millrace.benchmarks.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * All that can take part, in the order in which they run.
 *
 * @param launcher Millrace's
 * @param pipeline what Millrace runs
 * @param classpath of this module, as jars
 * @param work a folder for what they leave behind
 */
record Contestants(Path launcher, Path pipeline, List<Path> classpath, Path work) {

    /** Above this many events those that take minutes run only when asked for. */
    static final long LARGE_EVENTS = 10_000_000;

    static final List<String> LEFT_OUT_WHEN_LARGE = List.of("flink", "postgres");

    /** For programs that live a second: the collector that starts fastest, and no compiler that pays off only later. */
    private static final List<String> BRIEF =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "--enable-native-access=ALL-UNNAMED");

    private static final List<String> LONG =
            List.of("-XX:+UseSerialGC", "-Xmx1g", "--sun-misc-unsafe-memory-access=allow");

    /** For the loop, which would be nothing without the optimising compiler. */
    private static final List<String> LOOP = List.of("-XX:+UseSerialGC");

    List<Contestant> all(Path file) throws IOException {
        List<Path> nativeLibraries = jars("duckdb_jdbc-");
        List<Path> postgresql = jars("postgresql-42");
        List<Path> unpacked = List.of(unpack(nativeLibraries.getFirst()), postgresql.getFirst());
        List<String> besideJar = new ArrayList<>(BRIEF);
        besideJar.add("-Djava.library.path=" + work.resolve("duckdb"));
        return List.of(
                millrace("millrace", "Millrace", run(onceBefore()), file),
                millrace("millrace-first", "Millrace, first time in the database", List.of(), file),
                java("duckdb", "DuckDB + COPY", DuckDbPeer.class, BRIEF, both(nativeLibraries, postgresql), file),
                java("duckdb-unpacked", "DuckDB + COPY, unpacked before", DuckDbPeer.class, besideJar, unpacked, file),
                java("flink", "Flink SQL", FlinkPeer.class, LONG, classpath, file),
                java("postgres", "PostgreSQL alone", PostgresPeer.class, BRIEF, postgresql, file),
                java("loop", "bare loop, no table", BareLoop.class, LOOP, List.of(), file));
    }

    /** A pipeline into another table that loads nothing: after it the database has the schema of Millrace. */
    private Path onceBefore() throws IOException {
        Files.writeString(work.resolve("nothing.jsonl"), "");
        return Files.writeString(work.resolve("once-before.yaml"), """
                pipeline: once-before
                from: { files: { path: nothing.jsonl } }
                transform: SELECT CAST(n AS BIGINT) AS n FROM input
                into: { postgres: { table: once_before } }
                """);
    }

    private List<String> run(Path file, String... more) {
        List<String> command = new ArrayList<>(List.of(launcher.toString(), "run", file.toString()));
        command.addAll(List.of(more));
        return command;
    }

    private Contestant millrace(String id, String title, List<String> before, Path file) {
        return new Contestant(
                id,
                title,
                before,
                run(pipeline, "--set", "file=" + file),
                -1,
                Map.of("MILLRACE_HOME", work.resolve("millrace").toString()),
                true);
    }

    private Contestant java(
            String id, String title, Class<?> main, List<String> vmOptions, List<Path> libraries, Path file) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(vmOptions);
        command.add("-Djava.io.tmpdir=" + work.resolve("tmp"));
        int vmOptionsAt = command.size();
        List<Path> all = both(jars("millrace-benchmarks-peers"), libraries);
        command.add("-cp");
        command.add(String.join(":", all.stream().map(Path::toString).distinct().toList()));
        command.add(main.getName());
        command.add(file.toString());
        return new Contestant(id, title, List.of(), command, vmOptionsAt, Map.of(), main != BareLoop.class);
    }

    private static List<Path> both(List<Path> first, List<Path> second) {
        List<Path> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    private List<Path> jars(String prefix) {
        List<Path> found = classpath.stream()
                .filter(jar -> jar.getFileName().toString().startsWith(prefix))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalStateException("no " + prefix + "*.jar among " + classpath);
        }
        return found;
    }

    /**
     * DuckDB's driver unpacks its library of 70 MB from its jar at each start. It also supports a jar without one and
     * the library in a folder, which is what a program that cares about its start would ship.
     */
    private Path unpack(Path jar) throws IOException {
        Path folder = Files.createDirectories(work.resolve("duckdb"));
        Path thin = folder.resolve("duckdb_jdbc.jar");
        try (ZipFile from = new ZipFile(jar.toFile());
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(thin))) {
            for (Enumeration<? extends ZipEntry> entries = from.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                try (InputStream bytes = from.getInputStream(entry)) {
                    if (entry.getName().equals("libduckdb_java.so_linux_amd64")) {
                        Files.copy(bytes, folder.resolve(System.mapLibraryName("duckdb_java")));
                    } else if (!entry.getName().startsWith("libduckdb_java.so_")) {
                        to.putNextEntry(new ZipEntry(entry.getName()));
                        bytes.transferTo(to);
                        to.closeEntry();
                    }
                }
            }
        }
        return thin;
    }
}
