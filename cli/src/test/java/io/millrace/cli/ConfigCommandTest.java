package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.config.ConfigLoader;
import io.millrace.engine.config.ConfigSources;
import io.millrace.engine.config.Configured;
import io.millrace.log.LogOptions;
import io.millrace.server.ServerConfig;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.auth.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void theDefaultsAreThoseOfTheParts() {
        Configured<ServerConfig> configured =
                new ConfigLoader<>(ServerConfig.class).load(new ConfigSources(null, Map.of(), Map.of()));

        ServerConfig config = ((Configured.Ok<ServerConfig>) configured).config();
        assertThat(config.auth()).isEqualTo(AuthConfig.BuiltIn.defaults());
        assertThat(config.log().options()).isEqualTo(LogOptions.DEFAULTS);
    }

    @Test
    void aProviderCanBeConfiguredWithoutAFile() {
        Configured<ServerConfig> configured = new ConfigLoader<>(ServerConfig.class)
                .load(new ConfigSources(
                        null,
                        Map.of(
                                "MILLRACE_AUTH_PROVIDER_ISSUER", "https://id.example/realms/main",
                                "MILLRACE_AUTH_PROVIDER_AUDIENCE", "millrace",
                                "MILLRACE_AUTH_PROVIDER_ROLES", "{boss: ['ops:run', admin]}"),
                        Map.of()));

        assertThat(((Configured.Ok<ServerConfig>) configured).config().auth())
                .isInstanceOfSatisfying(
                        AuthConfig.Provider.class,
                        provider -> assertThat(provider.roles())
                                .isEqualTo(Map.of("boss", Set.of(Scope.OPS_RUN, Scope.ADMIN))));
    }

    @Test
    void everySettingIsShownWithItsOrigin() throws IOException {
        Path file = Files.writeString(folder.resolve("m.yaml"), "log:\n  segment_size: 1024KiB\n");
        Map<String, String> environment = Map.of("MILLRACE_CONFIG", file.toString(), "MILLRACE_LOG_SEGMENT_AGE", "60s");
        String[] args = {"config", "--set", "auth.built_in.audience=shop", "--format", "table"};

        Captured table = Captured.of(environment, args);
        assertThat(table.exitCode()).as(table.toString()).isEqualTo(ExitCode.DONE);
        assertThat(table.out())
                .containsPattern("auth\\.built_in\\.audience +shop +--set auth\\.built_in\\.audience")
                .containsPattern("auth\\.built_in\\.token_lifetime +1h +default")
                .containsPattern("log\\.segment_size +1MiB +\\S+m\\.yaml:2")
                .containsPattern("log\\.segment_age +1m +MILLRACE_LOG_SEGMENT_AGE");

        args[4] = "yaml";
        assertThat(Captured.of(environment, args).out()).isEqualTo("""
                        auth:
                          built_in:
                            issuer: urn:millrace  # default
                            audience: shop  # --set auth.built_in.audience
                            token_lifetime: 1h  # default
                            key_rotation: 30d  # default
                            key_published_ahead: 1d  # default
                            secret_grace: 1d  # default
                        log:
                          segment_size: 1MiB  # %s:2
                          segment_age: 1m  # MILLRACE_LOG_SEGMENT_AGE
                          max_waiting: 16MiB  # default
                          idempotency_window: 1h  # default
                          idempotency_keys: 2000000  # default
                        """.formatted(file));

        args[4] = "json";
        assertThat(Captured.of(environment, args).out())
                .startsWith("[\n")
                .contains("{\"key\":\"log.idempotency_keys\",\"value\":2000000,\"from\":\"default\",\"secret\":false}");
    }

    @Test
    void whatIsPrintedAsYamlCanBeRead() throws IOException {
        String first = Captured.of("config", "--format", "yaml").out();
        Path file = Files.writeString(folder.resolve("m.yaml"), first);

        Captured second = Captured.of("config", "--config", file.toString(), "--format", "yaml");

        assertThat(second.exitCode()).as(second.toString()).isEqualTo(ExitCode.DONE);
        assertThat(second.out().replaceAll("# \\S+", "# default")).isEqualTo(first);
        assertThat(second.out()).contains(file + ":3", file + ":14").doesNotContain("default");
    }

    @Test
    void aSecretFromAFileIsHidden() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "hunter2\n");
        for (String format : new String[] {"table", "yaml", "json"}) {
            Captured config = Captured.of(
                    Map.of("MILLRACE_AUTH_BUILT_IN_AUDIENCE_FILE", secret.toString()), "config", "--format", format);

            assertThat(config.exitCode()).isEqualTo(ExitCode.DONE);
            assertThat(config.out()).contains("***", secret.toString()).doesNotContain("hunter2");
        }
    }

    @Test
    void everyProblemIsToldAtOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("m.yaml"), "auth:\n  built_in: { audiense: me }\nhttpx: {}\n");

        Captured config = Captured.of(
                Map.of("MILLRACE_LOG_SEGMENT_AEG", "1d"),
                "config",
                "--config",
                file.toString(),
                "--set",
                "log.idempotency_keys=0");

        assertThat(config.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(config.out()).isEmpty();
        assertThat(config.err())
                .contains(file + ":2:15: unknown key \"audiense\" under auth.built_in; did you mean \"audience\"?")
                .contains(file + ":3:1: unknown key \"httpx\"")
                .contains("MILLRACE_LOG_SEGMENT_AEG: there is no setting for this variable; did you mean"
                        + " MILLRACE_LOG_SEGMENT_AGE?")
                .contains("log: idempotency_keys is 0; it must be more than 0")
                .endsWith("millrace: 4 problems\n");
    }

    @Test
    void aFileThatIsMissingIsToldSo() {
        Captured config =
                Captured.of("config", "--config", folder.resolve("none.yaml").toString());

        assertThat(config.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(config.err()).contains("none.yaml: there is no such file");
    }
}
