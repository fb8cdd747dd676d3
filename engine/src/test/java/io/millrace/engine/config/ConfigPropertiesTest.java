package io.millrace.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.yaml.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** What holds whatever is configured. */
class ConfigPropertiesTest {
    /** Three values of each key that a file, a variable and the command line write alike. */
    private static final Map<String, List<String>> VALUES = Map.ofEntries(
            Map.entry("http.address", List.of("a", "b", "c")),
            Map.entry("http.port", List.of("1", "2", "3")),
            Map.entry("http.origins", List.of("[a]", "[b]", "[a, b]")),
            Map.entry("http.tls.certificate", List.of("a.pem", "b.pem", "c.pem")),
            Map.entry("limits.size", List.of("1B", "2KiB", "3MiB")),
            Map.entry("limits.age", List.of("1ms", "2s", "3d")),
            Map.entry("limits.strict", List.of("true", "false", "true")),
            Map.entry("limits.share", List.of("0.25", "0.75", "1.5")),
            Map.entry("limits.count", List.of("1", "2", "3")),
            Map.entry("limits.level", List.of("low", "very_high", "low")),
            Map.entry("limits.delimiter", List.of("a", "b", "c")),
            Map.entry("limits.name", List.of("a", "b", "c")),
            Map.entry("trust.built_in.lifetime", List.of("1s", "2s", "3s")));

    private final ConfigLoader<Sample> loader = new ConfigLoader<>(Sample.class);

    @SuppressWarnings("NullAway.Init") // set before each property
    private Path folder;

    @BeforeProperty
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("config");
    }

    @AfterProperty
    void clearFolder() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** Which layers say something of a key: three bits, for the file, the environment and the command line. */
    @Provide
    Arbitrary<Map<String, Integer>> layers() {
        return Arbitraries.maps(
                Arbitraries.of(VALUES.keySet()), Arbitraries.integers().between(0, 7));
    }

    @Property(tries = 300)
    void precedenceHoldsForEveryKey(@ForAll("layers") Map<String, Integer> layers) throws IOException {
        StringBuilder file = new StringBuilder();
        Map<String, String> environment = new HashMap<>();
        Map<String, String> set = new HashMap<>();
        Map<String, String> tree = new HashMap<>();
        Map<String, List<String>> expected = new HashMap<>();
        layers.forEach((key, bits) -> {
            List<String> values = Objects.requireNonNull(VALUES.get(key));
            if ((bits & 1) != 0) {
                tree.put(key, values.get(0));
                expected.put(key, List.of(values.get(0), "File"));
            }
            if ((bits & 2) != 0) {
                environment.put(new ConfigKey(key, String.class).variable(), values.get(1));
                expected.put(key, List.of(values.get(1), "Variable"));
            }
            if ((bits & 4) != 0) {
                set.put(key, values.get(2));
                expected.put(key, List.of(values.get(2), "CommandLine"));
            }
        });
        yaml(tree, file);
        Path path = Files.writeString(folder.resolve("m.yaml"), file);

        Configured<Sample> configured = loader.load(new ConfigSources(path, environment, set));

        assertThat(configured).as("%s", file).isInstanceOf(Configured.Ok.class);
        Map<String, List<String>> found = new HashMap<>();
        for (Setting setting : ((Configured.Ok<Sample>) configured).settings()) {
            if (!(setting.origin() instanceof Origin.Default)) {
                found.put(
                        setting.key(),
                        List.of(setting.yaml(), setting.origin().getClass().getSimpleName()));
            }
        }
        assertThat(found).isEqualTo(expected);
    }

    private static void yaml(Map<String, String> tree, StringBuilder out) {
        Map<String, StringBuilder> sections = new HashMap<>();
        tree.forEach((key, value) -> {
            int point = key.lastIndexOf('.');
            sections.computeIfAbsent(key.substring(0, point), section -> new StringBuilder())
                    .append(key.substring(point + 1))
                    .append(": ")
                    .append(value)
                    .append(", ");
        });
        StringBuilder tls = sections.remove("http.tls");
        if (tls != null) {
            sections.computeIfAbsent("http", section -> new StringBuilder())
                    .append("tls: { ")
                    .append(tls)
                    .append("}, ");
        }
        StringBuilder builtIn = sections.remove("trust.built_in");
        if (builtIn != null) {
            sections.put(
                    "trust", new StringBuilder("built_in: { ").append(builtIn).append("}"));
        }
        sections.forEach((section, keys) ->
                out.append(section).append(": { ").append(keys).append("}\n"));
    }

    /**
     * Passwords begin with anything, and have a core that nothing else here says. A reference to a variable is none: what
     * the variable is called is said where it is missing.
     */
    @Provide
    Arbitrary<String> passwords() {
        Arbitrary<String> around =
                Arbitraries.strings().withChars("!*&@%#'\"{}[]:, ~`>|-?\\$").ofMaxLength(4);
        return Combinators.combine(around.filter(before -> !before.endsWith("${")), around)
                .as((before, after) -> before + "Zq7xKw9v" + after);
    }

    @Property(tries = 1000)
    void aSecretIsInNoMessage(@ForAll("passwords") String password, @ForAll long seed) throws IOException {
        Random random = new Random(seed);
        String key = List.of("password", "pasword", "passwords").get(random.nextInt(3));
        String quoted = random.nextBoolean() ? password : "'" + password.replace("'", "''") + "'";
        String colon = random.nextInt(4) == 0 ? ":" : ": ";
        String file = """
                http:
                  port: 80x
                  tls:
                    certificate: refused.pem
                    %s%s%s
                    password: %s
                """.formatted(key, colon, quoted, quoted);
        Path secret = Files.writeString(folder.resolve("secret"), password);
        Map<String, String> environment = new HashMap<>();
        if (random.nextBoolean()) {
            environment.put("MILLRACE_HTTP_TLS_PASSWORD", password);
        }
        if (random.nextBoolean()) {
            environment.put("MILLRACE_HTTP_TLS_PASSWORDS", password);
        }
        if (random.nextBoolean()) {
            environment.put("MILLRACE_LIMITS_AGE_FILE", secret.toString());
        }
        Path path = Files.writeString(folder.resolve("m.yaml"), file);

        Configured<Sample> configured =
                loader.load(new ConfigSources(path, environment, Map.of("http.tls.pasword", password)));

        assertThat(configured).isInstanceOf(Configured.Invalid.class);
        for (Problem problem : ((Configured.Invalid<Sample>) configured).problems()) {
            assertThat(problem.render()).doesNotContain("Zq7x").doesNotContain("Kw9v");
        }
        assertThat(configured.toString()).doesNotContain("Zq7x").doesNotContain("Kw9v");
    }

    @Property(tries = 300)
    void aSecretIsInNoSetting(@ForAll("passwords") String password, @ForAll boolean fromFile) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), password);
        Map<String, String> environment = fromFile
                ? Map.of("MILLRACE_HTTP_TLS_PASSWORD_FILE", secret.toString())
                : Map.of("MILLRACE_HTTP_TLS_PASSWORD", password);

        Configured<Sample> configured =
                loader.load(new ConfigSources(null, environment, Map.of("http.tls.certificate", "a.pem")));

        assertThat(configured).isInstanceOf(Configured.Ok.class);
        assertThat(configured.toString()).contains("password=***").doesNotContain("Zq7x");
    }
}
