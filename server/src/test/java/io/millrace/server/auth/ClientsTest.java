package io.millrace.server.auth;

import static io.millrace.server.auth.TestHome.issuer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientsTest {

    private static final Set<Scope> WRITE = Set.of(Scope.EVENTS_WRITE);

    private final TestHome home = new TestHome();
    private final Path file = home.path.resolve("auth/clients.json");
    private Auth auth;
    private Clients clients;

    @BeforeEach
    void open() throws AuthException, InterruptedException {
        auth = home.open();
        clients = issuer(auth).clients();
    }

    @AfterEach
    void close() {
        auth.close();
        home.close();
    }

    private TokenAnswer.Kind ask(NewSecret secret) throws InterruptedException {
        return TestHome.ask(auth, secret.clientId(), secret.secret()).kind();
    }

    @Test
    void anAddedClientIsListedWithoutItsSecretAndGetsTokensWithIt() throws Exception {
        NewSecret secret = clients.add("producer", WRITE);
        assertThat(secret.secret()).matches("mrs_[A-Za-z0-9_-]{43}");
        assertThat(secret.toString()).doesNotContain(secret.secret());
        assertThat(clients.list())
                .containsExactly(new Client(
                        "producer", WRITE, false, TestClock.START, List.of(new Client.Secret(TestClock.START, null))));
        assertThat(ask(secret)).isEqualTo(TokenAnswer.Kind.ISSUED);
        assertThat(home.everythingIn("")).doesNotContain(secret.secret());
    }

    @Test
    void onlyTheOwnerMayLookAtTheFiles() throws Exception {
        clients.add("producer", WRITE);
        for (String folder : List.of("auth", "auth/keys", "audit")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.path.resolve(folder))))
                    .isEqualTo("rwx------");
        }
        for (String name : List.of("auth/clients.json", "auth/keys/keys.json", "auth/lock")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.path.resolve(name))))
                    .as(name)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aFileThatOthersMayReadIsNotUsedAndTheMessageSaysWhatToDo() throws Exception {
        clients.add("producer", WRITE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(home::open)
                .isInstanceOf(AuthException.class)
                .hasMessage("Others than its owner may use " + file
                        + " (rw-r--r--). See who may have read it, then run: chmod 600 " + file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a/b", "a:b", "-a", ".a", "é", "x\n"})
    void anIdIsMadeOfPlainCharacters(String id) {
        assertThatThrownBy(() -> clients.add(id, WRITE)).hasMessageContaining("expected 1 to 64 letters, digits");
    }

    @Test
    void whatCanNotBeDoneIsSaidWithWhatThereIs() throws Exception {
        assertThatThrownBy(() -> clients.disable("nobody"))
                .hasMessage("There is no client \"nobody\". There is none at all.");
        clients.add("producer", WRITE);
        assertThatThrownBy(() -> clients.add("producer", WRITE)).hasMessageContaining("client \"producer\" already");
        assertThatThrownBy(() -> clients.rotateSecret("nobody"))
                .hasMessage("There is no client \"nobody\". There are: producer.");
        assertThatThrownBy(() -> clients.remove("nobody")).isInstanceOf(AuthException.class);
        assertThatThrownBy(() -> clients.add("other", Set.of())).hasMessageContaining("events:write data:read");
    }

    @Test
    void oldAndNewSecretWorkDuringTheGracePeriodAndThenOnlyTheNewOne() throws Exception {
        NewSecret first = clients.add("producer", WRITE);
        NewSecret second = clients.rotateSecret("producer");
        assertThat(ask(first)).isEqualTo(TokenAnswer.Kind.ISSUED);
        assertThat(ask(second)).isEqualTo(TokenAnswer.Kind.ISSUED);
        home.clock.advance(Duration.ofDays(1).minusSeconds(1));
        assertThat(ask(first)).isEqualTo(TokenAnswer.Kind.ISSUED);
        home.clock.advance(Duration.ofSeconds(1));
        assertThat(ask(first)).isEqualTo(TokenAnswer.Kind.INVALID_CLIENT);
        assertThat(ask(second)).isEqualTo(TokenAnswer.Kind.ISSUED);
    }

    @Test
    void aSecondRotationEndsTheOldestSecretAtOnce() throws Exception {
        NewSecret first = clients.add("producer", WRITE);
        assertThat(ask(first)).isEqualTo(TokenAnswer.Kind.ISSUED);
        NewSecret second = clients.rotateSecret("producer");
        NewSecret third = clients.rotateSecret("producer");
        assertThat(ask(first)).isEqualTo(TokenAnswer.Kind.INVALID_CLIENT);
        assertThat(ask(second)).isEqualTo(TokenAnswer.Kind.ISSUED);
        assertThat(ask(third)).isEqualTo(TokenAnswer.Kind.ISSUED);
        assertThat(clients.list().getFirst().secrets()).hasSize(2);
    }

    @Test
    void aDisabledClientGetsNoTokenThoughItsSecretIsRemembered() throws Exception {
        NewSecret secret = clients.add("producer", WRITE);
        assertThat(ask(secret)).isEqualTo(TokenAnswer.Kind.ISSUED);
        clients.disable("producer");
        assertThat(ask(secret)).isEqualTo(TokenAnswer.Kind.INVALID_CLIENT);
        assertThatThrownBy(() -> issuer(auth).token("producer")).hasMessageContaining("is disabled");
        clients.enable("producer");
        assertThat(ask(secret)).isEqualTo(TokenAnswer.Kind.ISSUED);
        clients.remove("producer");
        assertThat(ask(secret)).isEqualTo(TokenAnswer.Kind.INVALID_CLIENT);
    }

    @Test
    void theFirstStartMakesDemoOnceAndItsSecretIsKeptNowhere() throws Exception {
        assertThat(clients.configured()).isFalse();
        NewSecret demo = clients.addDemo().orElseThrow();
        assertThat(clients.addDemo()).isEmpty();
        assertThat(clients.configured()).isFalse();
        assertThat(clients.demoEnabled()).isTrue();
        assertThat(clients.list().getFirst().scopes()).isEqualTo(EnumSet.allOf(Scope.class));
        assertThat(ask(demo)).isEqualTo(TokenAnswer.Kind.ISSUED);
        assertThat(home.everythingIn("")).doesNotContain(demo.secret());
        clients.add("producer", WRITE);
        assertThat(clients.configured()).isTrue();
        clients.disable("producer");
        assertThat(clients.configured()).isFalse();
        clients.disable(Clients.DEMO);
        assertThat(clients.demoEnabled()).isFalse();
    }

    @Test
    void theOwnerOfTheFolderGetsATokenWithoutASecretWhileAServerRuns() throws Exception {
        clients.addDemo();
        String token;
        try (Auth command = home.open()) {
            token = issuer(command).token("demo").token();
        }
        assertThat(auth.tokens().check("Bearer " + token)).isInstanceOf(Decision.Allowed.class);
        assertThatThrownBy(() -> issuer(auth).token("nobody")).hasMessageContaining("There is no client \"nobody\".");
    }

    @Test
    void aChangeByAnotherProcessIsSeenByTheTokenEndpointAtOnce() throws Exception {
        NewSecret secret;
        try (Auth command = home.open()) {
            secret = issuer(command).clients().add("late", WRITE);
        }
        assertThat(ask(secret)).isEqualTo(TokenAnswer.Kind.ISSUED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "{\"version\": 2, \"clients\": []}",
                "{\"version\": 1}",
                "{\"version\": 1, \"version\": 1, \"clients\": []}",
                "{\"version\": 1, \"clients\": [], \"more\": 1}",
                "{\"version\": 1, \"clients\": [{\"id\": \"a\", \"scopes\": [\"all\"], \"disabled\": false,"
                        + " \"created\": \"2026-11-21T10:00:00Z\", \"secrets\": []}]}",
                "{\"version\": 1, \"clients\": [{\"id\": \"a\", \"scopes\": [], \"disabled\": false,"
                        + " \"created\": \"2026-11-21T10:00:00Z\", \"secrets\": [{\"hash\": \"plain\", \"created\":"
                        + " \"2026-11-21T10:00:00Z\", \"expires\": null}]}]}"
            })
    void aDamagedFileStopsTheStartButNotAServerThatRuns(String content) throws Exception {
        NewSecret secret = clients.add("producer", WRITE);
        String token = issuer(auth).token("producer").token();
        // Shorter or longer than before, so that the change is seen whatever the resolution of file times.
        Files.writeString(file, content);
        assertThatThrownBy(home::open)
                .isInstanceOf(AuthException.class)
                .hasMessageStartingWith("The file " + file + " is not as Millrace wrote it: ");
        home.clock.advance(Watched.INTERVAL);
        assertThat(auth.tokens().check("Bearer " + token)).isInstanceOf(Decision.Allowed.class);
        assertThat(ask(secret)).isEqualTo(TokenAnswer.Kind.ISSUED);
        assertThat(auth.readiness())
                .isInstanceOfSatisfying(
                        Readiness.Degraded.class,
                        degraded -> assertThat(degraded.reason()).contains("is not as Millrace wrote it"));
        assertThatThrownBy(() -> clients.disable("producer")).isInstanceOf(AuthException.class);
    }

    @Test
    void aRemovedFileShutsEverybodyOut() throws Exception {
        String token = TestHome.token(auth, "producer", WRITE);
        Files.delete(file);
        home.clock.advance(Watched.INTERVAL);
        assertThat(auth.tokens().check("Bearer " + token))
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.kind()).isEqualTo(Refusal.CLIENT_DISABLED));
    }

    @Test
    void aClockThatWasSetBackDoesNotHideChanges() throws Exception {
        String token = TestHome.token(auth, "producer", WRITE);
        home.clock.set(TestClock.START.minus(Duration.ofSeconds(20)));
        assertThat(auth.tokens().check("Bearer " + token)).isInstanceOf(Decision.Allowed.class);
        try (Auth command = home.open()) {
            issuer(command).clients().disable("producer");
        }
        home.clock.advance(Watched.INTERVAL);
        assertThat(auth.tokens().check("Bearer " + token)).isInstanceOf(Decision.Refused.class);
    }

    @Test
    void everyChangeIsInTheAuditLog() throws Exception {
        clients.add("producer", WRITE);
        clients.rotateSecret("producer");
        clients.disable("producer");
        clients.enable("producer");
        clients.remove("producer");
        auth.close();
        assertThat(home.audit())
                .allSatisfy(line -> assertThat(line)
                        .containsEntry("kind", "client_changed")
                        .containsEntry("client", "producer")
                        .containsEntry("time", "2026-11-21T10:00:00Z"))
                .extracting(line -> line.get("reason"))
                .containsExactly("added with events:write", "secret rotated", "disabled", "enabled", "removed");
    }

    @Test
    void halfAFileOfAWriterThatWasKilledIsNoHindrance() throws IOException, AuthException, InterruptedException {
        Files.writeString(home.path.resolve("auth/clients.json.new"), "{\"vers");
        clients.add("producer", WRITE);
        assertThat(clients.list()).hasSize(1);
        assertThat(home.path.resolve("auth/clients.json.new")).doesNotExist();
    }
}
