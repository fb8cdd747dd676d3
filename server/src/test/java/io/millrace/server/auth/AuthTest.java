package io.millrace.server.auth;

import static io.millrace.server.auth.TestHome.issuer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls, from their header to the audit log. */
class AuthTest {

    private final TestHome home = new TestHome();
    private Auth auth;

    @BeforeEach
    void open() throws AuthException, InterruptedException {
        auth = home.open();
    }

    @AfterEach
    void close() {
        auth.close();
        home.close();
    }

    private static Call call(@Nullable String token) {
        return new Call(token == null ? null : "Bearer " + token, "192.0.2.1", "POST", "/runs/{pipeline}", "r7");
    }

    @Test
    void privilegedCallsAndRefusalsAreInTheAuditLogAndOthersAreNot() throws Exception {
        String token = TestHome.token(auth, "operator", Set.of(Scope.OPS_RUN, Scope.DATA_READ));
        assertThat(auth.admit(call(token), Scope.OPS_RUN)).isInstanceOf(Decision.Allowed.class);
        assertThat(auth.admit(call(token), Scope.DATA_READ)).isInstanceOf(Decision.Allowed.class);
        assertThat(auth.admit(call(token), Scope.ADMIN))
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.kind()).isEqualTo(Refusal.INSUFFICIENT_SCOPE));
        assertThat(auth.admit(call(null), Scope.DATA_READ)).isInstanceOf(Decision.Refused.class);
        assertThat(auth.admit(call(token + "x"), Scope.DATA_READ)).isInstanceOf(Decision.Refused.class);
        auth.close();
        assertThat(home.audit())
                .filteredOn(line -> "r7".equals(line.get("request")))
                .extracting(line -> line.get("kind") + " " + line.get("client") + " " + line.get("reason"))
                .containsExactlyInAnyOrder(
                        "privileged_call operator ops:run",
                        "refusal operator insufficient_scope",
                        "refusal null missing",
                        "refusal null bad_signature");
        assertThat(home.everythingIn("audit")).doesNotContain(token);
        assertThat(call(token).toString()).doesNotContain(token);
    }

    @Test
    void theOwnerOfTheHomeFolderCanAskForLessThanAClientMayButNotForMore() throws Exception {
        TestHome.token(auth, "operator", Set.of(Scope.OPS_RUN, Scope.DATA_READ));

        IssuedToken token = issuer(auth).token("operator", Set.of(Scope.DATA_READ));

        assertThat(token.scopes()).containsExactly(Scope.DATA_READ);
        assertThat(auth.admit(call(token.token()), Scope.DATA_READ)).isInstanceOf(Decision.Allowed.class);
        assertThat(auth.admit(call(token.token()), Scope.OPS_RUN)).isInstanceOf(Decision.Refused.class);
        assertThatThrownBy(() -> issuer(auth).token("operator", Set.of(Scope.ADMIN, Scope.DATA_READ)))
                .isInstanceOf(AuthException.class)
                .hasMessage("The client \"operator\" may do data:read ops:run, but not admin.");
        assertThatThrownBy(() -> issuer(auth).token("operator", Set.of())).isInstanceOf(AuthException.class);
    }

    @Test
    void troubleWithTheAuditLogIsSeenInTheReadiness() throws Exception {
        assertThat(auth.readiness()).isEqualTo(new Readiness.Ready());
        Path inTheWay = home.path.resolve("audit/audit-2026-11-21.ndjson");
        Files.createDirectory(inTheWay);
        TestHome.token(auth, "operator", Set.of(Scope.OPS_RUN));
        Awaitility.await()
                .untilAsserted(() -> assertThat(auth.readiness())
                        .isInstanceOfSatisfying(
                                Readiness.Degraded.class,
                                degraded -> assertThat(degraded.reason()).contains("audit log")));
        Files.delete(inTheWay);
        Awaitility.await().untilAsserted(() -> assertThat(auth.readiness()).isEqualTo(new Readiness.Ready()));
    }

    @Test
    void twoInOneProcessWorkOnOneHomeFolder() throws Exception {
        try (Auth other = home.open()) {
            String token = TestHome.token(auth, "operator", Set.of(Scope.OPS_RUN));
            home.clock.advance(Watched.INTERVAL);
            assertThat(other.tokens().check("Bearer " + token)).isInstanceOf(Decision.Allowed.class);
            assertThat(issuer(other).jwks()).isEqualTo(issuer(auth).jwks());
        }
    }
}
