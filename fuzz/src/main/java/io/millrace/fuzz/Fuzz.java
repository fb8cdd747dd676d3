package io.millrace.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code ./millrace-testkit fuzz TARGET SECONDS}: has Jazzer make input for a target, in a process of its own with little
 * memory, and keeps what it finds.
 */
public final class Fuzz {

    private static final int USAGE = 2;
    /** More than any target needs, however it is fed. */
    private static final String HEAP = "-Xmx512m";
    /** An input that takes longer is a hang. */
    private static final int INPUT_SECONDS = 10;

    private static final int MAX_INPUT_BYTES = 2048;

    /** Jazzer's own alarms, all off: they are for other programs. A schema may have a pattern, and a contract compile it. */
    private static final String ALARMS = Stream.of(
                    "BigDecimal",
                    "ClojureLangHooks",
                    "Deserialization",
                    "ExpressionLanguageInjection",
                    "FilePathTraversal",
                    "LdapInjection",
                    "NamingContextLookup",
                    "OsCommandInjection",
                    "ReflectiveCall",
                    "RegexInjection",
                    "RegexRoadblocks",
                    "ScriptEngineInjection",
                    "ServerSideRequestForgery",
                    "SqlInjection",
                    "TemplateInjection",
                    "UnsafeSanitizer",
                    "XPathInjection",
                    "XmlParserSsrfGuidance")
            .map("com.code_intelligence.jazzer.sanitizers."::concat)
            .collect(Collectors.joining(":"));

    private static final String HOW = """
            usage: millrace-testkit fuzz TARGET SECONDS

            Makes bad input for what reads the input of others, and looks for crashes, hangs (10 s for an input of at most
            2 KiB) and unbounded memory (512 MB of heap).

              TARGET    ndjson, contract, sql, pipeline, log, or all, each for as long
              SECONDS   for how long, 1 to 999999

            It ends with 0 where nothing was found, 1 where something was (the input is named; copy it to the corpus in
            fuzz/src/test/resources, so that every build tries it again), and 2 where it was called wrongly.
            """;

    private Fuzz() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 1 && args[0].matches("-h|--help|help")) {
            System.out.print(HOW);
            return;
        }
        List<Target> targets = args.length == 2 && args[1].matches("0*[1-9]\\d{0,5}") ? targets(args[0]) : List.of();
        if (targets.isEmpty()) {
            System.err.print(HOW);
            System.exit(USAGE);
            return;
        }
        int failed = 0;
        for (Target target : targets) {
            failed += run(target, Integer.parseInt(args[1])) == 0 ? 0 : 1;
        }
        System.exit(failed == 0 ? 0 : 1);
    }

    private static List<Target> targets(String word) {
        List<Target> targets = new ArrayList<>();
        for (Target target : Target.values()) {
            if (word.equals("all") || word.equals(target.word())) {
                targets.add(target);
            }
        }
        return targets;
    }

    private static int run(Target target, int seconds) throws IOException, InterruptedException {
        Path module = Path.of("fuzz").toAbsolutePath();
        Path made = Files.createDirectories(module.resolve("target/corpus").resolve(target.word()));
        Path found = Files.createDirectories(module.resolve("target/found").resolve(target.word()));
        Path kept = module.resolve("src/test/resources/io/millrace/fuzz").resolve(target.word());
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.type().getName(),
                "--instrumentation_includes=" + target.instrumented(),
                "--disabled_hooks=" + ALARMS,
                "--reproducer_path=" + found,
                "-artifact_prefix=" + found + "/",
                "-timeout=" + INPUT_SECONDS,
                "-max_len=" + MAX_INPUT_BYTES,
                "-max_total_time=" + seconds,
                "-print_final_stats=1",
                made.toString(),
                kept.toString());
        System.out.println(target.word() + ": " + seconds + " s, finds go to " + found);
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    /** What is fed. */
    enum Target {
        NDJSON(NdjsonTarget.class, "io.millrace.**"),
        CONTRACT(ContractTarget.class, "io.millrace.**:com.networknt.**"),
        SQL(SqlTarget.class, "io.millrace.**:org.apache.calcite.sql.parser.**"),
        PIPELINE(PipelineTarget.class, "io.millrace.**:org.snakeyaml.**"),
        LOG(LogTarget.class, "io.millrace.**");

        private final Class<?> type;
        private final String instrumented;

        Target(Class<?> type, String instrumented) {
            this.type = type;
            this.instrumented = instrumented;
        }

        /** As the command line and the folders of the corpus have it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        Class<?> type() {
            return type;
        }

        /** The classes whose branches lead the search. */
        String instrumented() {
            return instrumented;
        }
    }
}
