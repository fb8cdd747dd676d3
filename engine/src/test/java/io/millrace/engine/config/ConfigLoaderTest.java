package io.millrace.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Doc;
import io.millrace.api.Secret;
import io.millrace.engine.yaml.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private Configured<Sample> load(String file, Map<String, String> environment, Map<String, String> set)
            throws IOException {
        Path path = Files.writeString(folder.resolve("m.yaml"), file);
        return new ConfigLoader<>(Sample.class).load(new ConfigSources(path, environment, set));
    }

    private Configured.Ok<Sample> ok(String file, Map<String, String> environment, Map<String, String> set)
            throws IOException {
        Configured<Sample> configured = load(file, environment, set);
        assertThat(configured).isInstanceOf(Configured.Ok.class);
        return (Configured.Ok<Sample>) configured;
    }

    private List<String> problems(String file, Map<String, String> environment, Map<String, String> set)
            throws IOException {
        return load(file, environment, set) instanceof Configured.Invalid<Sample>(List<Problem> problems)
                ? problems.stream()
                        .map(Problem::toString)
                        .map(text -> text.replace(folder + "/", ""))
                        .toList()
                : List.of();
    }

    private static Setting setting(Configured.Ok<Sample> ok, String key) {
        return ok.settings().stream()
                .filter(setting -> setting.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nothingAtAllGivesTheDefaults() {
        Configured<Sample> configured =
                new ConfigLoader<>(Sample.class).load(new ConfigSources(null, Map.of("HOME", "/root"), Map.of()));

        Configured.Ok<Sample> ok = (Configured.Ok<Sample>) configured;
        assertThat(ok.config().http().port()).isEqualTo(8080);
        assertThat(ok.config().trust()).isEqualTo(new Sample.Trust.BuiltIn(Duration.ofHours(1)));
        assertThat(ok.settings())
                .extracting(setting -> setting.key() + "=" + setting.yaml() + " " + setting.origin())
                .containsExactly(
                        "http.address=\"127.0.0.1\" default",
                        "http.port=8080 default",
                        "http.origins=[] default",
                        "http.tls=null default",
                        "trust.built_in.lifetime=1h default",
                        "limits.size=64MiB default",
                        "limits.age=90m default",
                        "limits.strict=false default",
                        "limits.share=0.5 default",
                        "limits.count=5000000000 default",
                        "limits.level=low default",
                        "limits.delimiter=\",\" default",
                        "limits.name=null default");
    }

    @Test
    void anEmptyFileIsAsGoodAsNone() throws IOException {
        assertThat(ok("# http: { port: 1 }\n", Map.of(), Map.of())
                        .config()
                        .http()
                        .port())
                .isEqualTo(8080);
        assertThat(ok("", Map.of(), Map.of()).config().http().port()).isEqualTo(8080);
    }

    @Test
    void everyLayerWinsOverThoseBelow() throws IOException {
        String file = """
                http:
                  port: 1
                  address: file
                limits: { name: file, level: very_high }
                """;
        Configured.Ok<Sample> ok = ok(
                file,
                Map.of("MILLRACE_HTTP_PORT", "2", "MILLRACE_LIMITS_NAME", "variable"),
                Map.of("limits.name", "line"));

        assertThat(ok.config().http().address()).isEqualTo("file");
        assertThat(ok.config().http().port()).isEqualTo(2);
        assertThat(ok.config().limits().name()).isEqualTo("line");
        assertThat(setting(ok, "http.address").origin()).isEqualTo(new Origin.File(folder + "/m.yaml", 3));
        assertThat(setting(ok, "http.port").origin()).isEqualTo(new Origin.Variable("MILLRACE_HTTP_PORT", null));
        assertThat(setting(ok, "limits.name").origin()).hasToString("--set limits.name");
        assertThat(setting(ok, "limits.level").origin()).hasToString(folder + "/m.yaml:4");
        assertThat(setting(ok, "limits.share").origin()).isEqualTo(new Origin.Default());
    }

    @Test
    void listsAndNamesWithValuesCanBeGivenAnywhere() throws IOException {
        Configured.Ok<Sample> ok = ok(
                "",
                Map.of("MILLRACE_HTTP_ORIGINS", "[a, 'b c']", "MILLRACE_TRUST_PROVIDER_ISSUER", "https://id.example"),
                Map.of("trust.provider.roles", "{boss: [data:read, data:write], guest: []}"));

        assertThat(ok.config().http().origins()).containsExactly("a", "b c");
        assertThat(ok.config().trust())
                .isEqualTo(new Sample.Trust.Provider(
                        URI.create("https://id.example"),
                        Map.of("boss", Set.of(Sample.Right.READ, Sample.Right.WRITE), "guest", Set.of())));
        assertThat(setting(ok, "trust.provider.roles").yaml()).isEqualTo("{boss: [data:read, data:write], guest: []}");
        assertThat(setting(ok, "trust.provider.roles").json())
                .isEqualTo("{\"boss\": [\"data:read\", \"data:write\"], \"guest\": []}");
    }

    @Test
    void aTextIsTakenAsItIs() throws IOException {
        for (String text : List.of("null", "a: b # c", "[x", "\"q\"", "12", "${HOME}")) {
            assertThat(ok("", Map.of("MILLRACE_LIMITS_NAME", text), Map.of())
                            .config()
                            .limits()
                            .name())
                    .isEqualTo(text);
            assertThat(ok("", Map.of(), Map.of("limits.name", text))
                            .config()
                            .limits()
                            .name())
                    .isEqualTo(text);
        }
    }

    @Test
    void aHigherLayerChoosesAnotherAlternative() throws IOException {
        Configured.Ok<Sample> ok = ok(
                "trust: { built_in: { lifetime: 2h } }",
                Map.of("MILLRACE_TRUST_PROVIDER_ISSUER", "https://id.example"),
                Map.of());
        assertThat(ok.config().trust()).isInstanceOf(Sample.Trust.Provider.class);
        assertThat(ok.settings()).extracting(Setting::key).doesNotContain("trust.built_in.lifetime");

        assertThat(problems(
                        "",
                        Map.of("MILLRACE_TRUST_PROVIDER_ISSUER", "https://x", "MILLRACE_TRUST_BUILT_IN_LIFETIME", "1h"),
                        Map.of()))
                .containsExactly("MILLRACE_TRUST_PROVIDER_ISSUER: trust: \"provider\" is a second section; this version"
                        + " takes exactly one, and \"built_in\" is given already");
    }

    @Test
    void everyProblemIsToldOnceWithItsPlace() throws IOException {
        String file = """
                http:
                  prot: 1
                  origins: nobody
                  tls: { certificate: "${CERT}" }
                limits: { size: much }
                """;
        assertThat(problems(
                        file,
                        Map.of(
                                "MILLRACE_HTPT_PORT", "1",
                                "MILLRACE_LIMITS_STRICT", "perhaps",
                                "MILLRACE_SOMETHING", "else"),
                        Map.of("limits.nam", "x", "limits.age", "old", "trust", "me")))
                .containsExactly(
                        "m.yaml:2:3: unknown key \"prot\" under http; did you mean \"port\"?",
                        "m.yaml:3:12: http.origins: expected a list in [ ], found \"nobody\"",
                        "m.yaml:4:24: the environment has no CERT and no CERT_FILE; set one of them, or give a default"
                                + " with ${CERT:DEFAULT}",
                        "m.yaml:5:17: limits.size: expected a size such as 512KiB, 64MiB or 2GB, found \"much\"",
                        "MILLRACE_HTPT_PORT: there is no setting for this variable; did you mean MILLRACE_HTTP_PORT?",
                        "MILLRACE_LIMITS_STRICT: limits.strict: expected true or false, found \"perhaps\"",
                        "MILLRACE_SOMETHING: there is no setting for this variable; 'millrace config' lists all settings"
                                + " that there are",
                        "--set limits.age: limits.age: expected a duration such as 500ms, 10s, 5m, 2h or 7d, found"
                                + " \"old\"",
                        "--set limits.nam: there is no setting \"limits.nam\"; did you mean \"limits.name\"?",
                        "--set trust: \"trust\" is a section; its keys are \"trust.built_in.lifetime\","
                                + " \"trust.provider.issuer\", \"trust.provider.roles\"");
    }

    @Test
    void whatARecordRefusesIsTold() throws IOException {
        assertThat(problems("http: { port: 13 }", Map.of(), Map.of()))
                .containsExactly("m.yaml:1:7: http: port is 13; any other will do");
        assertThat(problems("", Map.of("MILLRACE_HTTP_PORT", "13"), Map.of()))
                .containsExactly("MILLRACE_HTTP_PORT: http: port is 13; any other will do");
    }

    @Test
    void whatIsMissingIsToldWithItsMeaning() throws IOException {
        assertThat(problems("", Map.of(), Map.of("trust.provider.roles", "{}")))
                .containsExactly("--set trust.provider.roles: missing key \"issuer\" under trust.provider: Who");
    }

    @Test
    void aFileThatCantBeReadIsToldTogetherWithTheRest() {
        Configured<Sample> configured = new ConfigLoader<>(Sample.class)
                .load(new ConfigSources(folder.resolve("none.yaml"), Map.of("MILLRACE_HTTP_PORT", "x"), Map.of()));

        assertThat(((Configured.Invalid<Sample>) configured).problems())
                .extracting(Problem::toString)
                .containsExactly(
                        folder.resolve("none.yaml") + ": there is no such file",
                        "MILLRACE_HTTP_PORT: http.port: expected a whole number, found \"x\"");
    }

    @Test
    void whatIsNoMappingIsTold() throws IOException {
        assertThat(problems("- a", Map.of(), Map.of()))
                .containsExactly("m.yaml:1:1: expected keys with values, such as \"http\", found something else");
        assertThat(problems("http: 8080", Map.of("MILLRACE_HTTP_PORT", "1"), Map.of())
                        .getFirst())
                .startsWith("m.yaml:1:7: http: expected a mapping with \"address\", \"port\"");
    }

    @Test
    void variablesWithOtherMeaningsAreLeftAlone() throws IOException {
        assertThat(problems(
                        "",
                        Map.ofEntries(
                                Map.entry("MILLRACE_HOME", "x"),
                                Map.entry("MILLRACE_CONFIG", "x"),
                                Map.entry("MILLRACE_DATABASE_URL", "x"),
                                Map.entry("MILLRACE_JAVA_OPTS", "x"),
                                Map.entry("MILLRACE_MVN_ARGS", "x"),
                                Map.entry("MVNW_REPOURL", "x"),
                                Map.entry("MILLRACE_TOKEN", "x"),
                                Map.entry("MILLRACE_CLIENT", "x"),
                                Map.entry("MILLRACE_CLIENT_SECRET", "x"),
                                Map.entry("MILLRACE_SERVICE_HOST", "10.0.0.1"),
                                Map.entry("MILLRACE_PORT", "tcp://10.0.0.1:8080"),
                                Map.entry("MILLRACE_PORT_8080_TCP_ADDR", "10.0.0.1"),
                                Map.entry("MILLRACE_SOMETHING", " "),
                                Map.entry("MILLRACE_HTTP_PORT", "")),
                        Map.of()))
                .isEmpty();
    }

    @Test
    void secretsComeFromFiles() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "hunter2\r\n");
        Configured.Ok<Sample> ok = ok("""
                http: { tls: { certificate: a.pem, password: "${file:secret}" } }
                limits: { name: "${NAME}!" }
                """, Map.of("NAME_FILE", secret.toString()), Map.of());
        assertThat(ok.config().http().tls())
                .isEqualTo(new Sample.Tls(Path.of("a.pem"), Secret.of("hunter2"), List.of()));
        assertThat(ok.config().limits().name()).isEqualTo("hunter2!");
        assertThat(setting(ok, "http.tls.password"))
                .isEqualTo(
                        new Setting("http.tls.password", Secret.HIDDEN, new Origin.File(folder + "/m.yaml", 1), true));
        assertThat(setting(ok, "limits.name").value()).isEqualTo(Secret.HIDDEN);

        Configured.Ok<Sample> variable = ok(
                "http: { tls: { certificate: a.pem, password: other } }",
                Map.of("MILLRACE_HTTP_TLS_PASSWORD_FILE", secret.toString()),
                Map.of());
        assertThat(setting(variable, "http.tls.password").origin())
                .isEqualTo(new Origin.Variable("MILLRACE_HTTP_TLS_PASSWORD_FILE", secret));
        assertThat(variable.config().toString()).contains("password=***").doesNotContain("hunter2");
    }

    @Test
    void aFileOfASecretThatCantBeReadIsTold() throws IOException {
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff});
        Files.write(folder.resolve("large"), new byte[(64 << 10) + 1]);
        assertThat(problems(
                        """
                        http:
                          address: "x${file:missing}"
                          tls:
                            certificate: "${file:binary}"
                            password: "${file:}"
                        limits: { name: "${file:large}" }
                        """,
                        Map.of(
                                "MILLRACE_HTTP_ORIGINS_FILE", "/x",
                                "MILLRACE_HTTP_PORT", "1",
                                "MILLRACE_HTTP_PORT_FILE", "/y",
                                "MILLRACE_HTTP_TLS_CERTIFICATE_FILE", "/z"),
                        Map.of()))
                .containsExactly(
                        "m.yaml:2:14: there is no file missing",
                        "m.yaml:4:19: binary is not UTF-8 text",
                        "m.yaml:5:16: expected a path: ${file:/run/secrets/NAME}",
                        "m.yaml:6:18: large is larger than 64 KiB, which no value is",
                        "MILLRACE_HTTP_ORIGINS_FILE: http.origins can't be read from a file, since it is not a single"
                                + " value",
                        "MILLRACE_HTTP_PORT_FILE: MILLRACE_HTTP_PORT and MILLRACE_HTTP_PORT_FILE are both set; set one"
                                + " of them",
                        "MILLRACE_HTTP_TLS_CERTIFICATE_FILE: http.tls.certificate is a path itself; name it with"
                                + " MILLRACE_HTTP_TLS_CERTIFICATE");
    }

    @Test
    void theFileIsFoundByOptionThenVariableThenName() throws IOException {
        Map<String, String> variable = Map.of("MILLRACE_CONFIG", "v.yaml");
        assertThat(ConfigSources.find(null, folder, Map.of(), Map.of()).file()).isNull();
        Path usual = Files.createFile(folder.resolve("millrace.yaml"));
        assertThat(ConfigSources.find(null, folder, Map.of(), Map.of()).file()).isEqualTo(usual);
        assertThat(ConfigSources.find(null, folder, variable, Map.of()).file()).isEqualTo(folder.resolve("v.yaml"));
        assertThat(ConfigSources.find(Path.of("o.yaml"), folder, variable, Map.of())
                        .file())
                .isEqualTo(Path.of("o.yaml"));
    }

    private record Ambiguous(
            @Doc(value = "a", byDefault = "{}") A a,
            @Doc(value = "b", byDefault = "{}") A aB) {
        private record A(
                @Doc(value = "x", byDefault = "1") int bC,
                @Doc(value = "y", byDefault = "1") int c) {}
    }

    @Test
    void aVariableThatCouldMeanTwoKeysIsTold() {
        Configured<Ambiguous> configured = new ConfigLoader<>(Ambiguous.class)
                .load(new ConfigSources(null, Map.of("MILLRACE_A_B_C", "2"), Map.of()));

        assertThat(((Configured.Invalid<Ambiguous>) configured).problems())
                .extracting(Problem::toString)
                .containsExactly("MILLRACE_A_B_C: this variable could mean a.b_c or a_b.c; use the file or --set");
    }

    private record Taken(@Doc("x") String home) {}

    private record Odd(@Doc("x") Object thing) {}

    @Test
    void recordsThatCantBeConfiguredAreRefused() {
        assertThatThrownBy(() -> new ConfigLoader<>(Taken.class)).hasMessageContaining("MILLRACE_HOME");
        assertThatThrownBy(() -> new ConfigLoader<>(Odd.class)).hasMessageContaining("Object");
    }

    @Test
    void theReferenceHasEveryKey() {
        String page = ConfigReference.markdown(Sample.class);
        for (ConfigKey key : new ConfigKeys(Sample.class).all()) {
            assertThat(page).contains("| `" + key.path() + "` |");
        }
    }
}
