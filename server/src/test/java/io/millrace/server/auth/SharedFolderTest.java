package io.millrace.server.auth;

import static io.millrace.server.auth.TestHome.issuer;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Several real processes on one home folder. */
class SharedFolderTest {

    private static final int PROCESSES = 3;
    private static final int CLIENTS_EACH = 10;

    /** What each of them does: opens the folder, makes demo, adds clients and prints its key and a token. */
    static final class Child {

        private Child() {}

        public static void main(String[] args) throws Exception {
            try (Auth auth = Auth.builtIn(
                    Path.of(args[0]),
                    AuthConfig.BuiltIn.defaults(),
                    TestHome.CHEAP,
                    InstantSource.system(),
                    new SecureRandom())) {
                Clients clients = issuer(auth).clients();
                System.out.println("demo " + clients.addDemo().isPresent());
                for (int i = 0; i < CLIENTS_EACH; i++) {
                    clients.add(args[1] + "-" + i, Set.of(Scope.EVENTS_WRITE));
                }
                System.out.println("jwks " + issuer(auth).jwks());
                System.out.println("token " + issuer(auth).token(args[1] + "-0").token());
            }
        }
    }

    private static Process start(Path home, String name) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        home.toString(),
                        name)
                .redirectErrorStream(true)
                .start();
    }

    @Test
    void theyMakeOneKeyAndOneDemoAndLoseNoClientOfEachOther() throws Exception {
        try (TestHome home = TestHome.untouched()) {
            List<Process> processes = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(start(home.path, "p" + i));
            }
            Set<String> keys = new HashSet<>();
            List<String> tokens = new ArrayList<>();
            int demos = 0;
            for (Process process : processes) {
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(process.waitFor()).as(output).isZero();
                for (String line : output.lines().toList()) {
                    String value = line.substring(line.indexOf(' ') + 1);
                    if (line.startsWith("jwks ")) {
                        keys.add(value);
                    } else if (line.startsWith("token ")) {
                        tokens.add(value);
                    } else if (line.equals("demo true")) {
                        demos++;
                    }
                }
            }
            assertThat(keys).hasSize(1);
            assertThat(demos).isEqualTo(1);
            home.clock.set(InstantSource.system().instant());
            try (Auth auth = home.open()) {
                assertThat(issuer(auth).clients().list()).hasSize(PROCESSES * CLIENTS_EACH + 1);
                assertThat(tokens)
                        .hasSize(PROCESSES)
                        .allSatisfy(token -> assertThat(auth.tokens().check("Bearer " + token))
                                .isInstanceOf(Decision.Allowed.class));
            }
            assertThat(home.audit())
                    .filteredOn(line -> "client_changed".equals(line.get("kind")))
                    .hasSize(PROCESSES * CLIENTS_EACH + 1);
            assertThat(home.audit())
                    .filteredOn(line -> "key_rotated".equals(line.get("kind")))
                    .hasSize(1);
        }
    }
}
