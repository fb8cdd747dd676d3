package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.auth.Auth;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.auth.Call;
import io.millrace.server.auth.Decision;
import io.millrace.server.auth.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace client} and {@code millrace token}, on a real home folder. */
class ClientCommandsTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path home;

    private Captured command(String... args) {
        return Captured.of(Map.of("MILLRACE_HOME", home.toString()), args);
    }

    private Captured done(String... args) {
        Captured done = command(args);
        assertThat(done.exitCode()).as(done.toString()).isEqualTo(ExitCode.DONE);
        return done;
    }

    private Captured failed(String... args) {
        Captured failed = command(args);
        assertThat(failed.exitCode()).as(failed.toString()).isEqualTo(ExitCode.FAILED);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err()).startsWith("millrace: ").doesNotContain("Exception");
        return failed;
    }

    /** What a server in this home folder makes of a token. */
    private Decision decision(String token, Scope needed) throws Exception {
        try (Auth auth = Auth.open(home, AuthConfig.BuiltIn.defaults(), InstantSource.system(), new SecureRandom())) {
            return auth.admit(new Call("Bearer " + token, "127.0.0.1", "POST", "/events", "r1"), needed);
        }
    }

    @Test
    void aTokenIsAllThatIsPrintedAndAServerTakesIt() throws Exception {
        done("client", "add", "demo", "--scope", "events:write,data:read");

        Captured token = done("token", "--client", "demo");

        assertThat(token.err()).isEmpty();
        assertThat(token.out()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\n");
        assertThat(decision(token.out().strip(), Scope.EVENTS_WRITE)).isInstanceOf(Decision.Allowed.class);
        assertThat(decision(token.out().strip(), Scope.ADMIN)).isInstanceOf(Decision.Refused.class);
    }

    @Test
    void aTokenCanDoLessThanItsClientButNotMore() throws Exception {
        done("client", "add", "demo", "--scope", "events:write", "--scope", "data:read");

        String token =
                done("token", "--client", "demo", "--scope", "data:read").out().strip();

        assertThat(decision(token, Scope.DATA_READ)).isInstanceOf(Decision.Allowed.class);
        assertThat(decision(token, Scope.EVENTS_WRITE)).isInstanceOf(Decision.Refused.class);
        assertThat(failed("token", "--client", "demo", "--scope", "admin data:read")
                        .err())
                .contains("may do events:write data:read, but not admin");
    }

    @Test
    void aTokenIsMadeAsTheConfigurationSays() throws Exception {
        done("client", "add", "demo", "--scope", "data:read");

        String token = done("token", "--client", "demo", "--set", "auth.built_in.audience=elsewhere")
                .out()
                .strip();

        assertThat(decision(token, Scope.DATA_READ)).isInstanceOf(Decision.Refused.class);
        assertThat(command("token", "--client", "demo", "--set", "auth.built_in.audiense=x")
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
        assertThat(failed(
                                "token",
                                "--client",
                                "demo",
                                "--set",
                                "auth.provider.issuer=https://id.example",
                                "--set",
                                "auth.provider.audience=x")
                        .err())
                .contains("https://id.example");
    }

    @Test
    void whereNothingIsSetUpNothingIsMade() throws IOException {
        Path nowhere = home.resolve("nowhere");
        for (List<String> args : List.of(
                List.of("token", "--client", "demo"),
                List.of("client", "ls"),
                List.of("client", "rotate", "demo"),
                List.of("client", "remove", "demo"))) {
            List<String> all = new ArrayList<>(args);
            all.addAll(List.of("--home", nowhere.toString()));

            assertThat(failed(all.toArray(String[]::new)).err()).contains("there are no clients in " + nowhere);
        }
        assertThat(Files.exists(nowhere)).isFalse();
    }

    @Test
    void anUnknownClientIsTold() {
        done("client", "add", "shop", "--scope", "admin");

        assertThat(failed("token", "--client", "demo").err()).contains("no client \"demo\"", "millrace client ls");
        for (String change : List.of("rotate", "disable", "enable", "remove")) {
            assertThat(failed("client", change, "demo").err()).contains("no client \"demo\"", "shop");
        }
        assertThat(failed("client", "add", "shop", "--scope", "admin").err()).contains("already");
        assertThat(failed("client", "add", "a/b", "--scope", "admin").err()).contains("can't be the id");
    }

    @Test
    void aSecretIsShownOnce() throws IOException {
        Captured added = done("client", "add", "shop", "--scope", "data:read");
        Captured rotated = done("client", "rotate", "shop");

        assertThat(added.out()).matches("MILLRACE_CLIENT=shop\nMILLRACE_CLIENT_SECRET=mrs_\\S+\n");
        assertThat(rotated.out()).matches("MILLRACE_CLIENT=shop\nMILLRACE_CLIENT_SECRET=mrs_\\S+\n");
        assertThat(rotated.out()).isNotEqualTo(added.out());
        assertThat(rotated.err()).contains("the secret before it works until");
        String secret = added.out().lines().toList().getLast().split("=", -1)[1];
        try (var files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).doesNotContain(secret);
            }
        }
    }

    @Test
    void clientsAreListedWithTheirState() {
        done("client", "add", "shop", "--scope", "data:read,events:write");
        done("client", "add", "till", "--scope", "events:write");
        done("client", "rotate", "till");
        done("client", "disable", "shop");

        assertThat(done("client", "ls").out())
                .containsPattern("shop +disabled +events:write data:read +\\S+Z +\\S+Z +NULL")
                .containsPattern("till +enabled +events:write +\\S+Z +\\S+Z +\\S+Z")
                .contains("(2 rows)");
        assertThat(done("client", "ls", "--format", "json").out())
                .contains("{\"client\":\"shop\",\"state\":\"disabled\",\"scopes\":\"events:write data:read\"");
    }

    @Test
    void aDisabledClientGetsNoTokenUntilItIsEnabled() {
        done("client", "add", "shop", "--scope", "data:read");
        done("client", "disable", "shop");
        assertThat(failed("token", "--client", "shop").err()).contains("disabled");

        done("client", "enable", "shop");
        done("token", "--client", "shop");

        done("client", "remove", "shop");
        assertThat(failed("token", "--client", "shop").err()).contains("no client \"shop\"");
    }
}
