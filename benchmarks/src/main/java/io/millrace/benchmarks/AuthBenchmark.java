package io.millrace.benchmarks;

import io.millrace.server.auth.Auth;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.auth.AuthException;
import io.millrace.server.auth.BuiltInIssuer;
import io.millrace.server.auth.Call;
import io.millrace.server.auth.Decision;
import io.millrace.server.auth.NewSecret;
import io.millrace.server.auth.TokenAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a token costs: at its first check, at every further one, and to be issued. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AuthBenchmark {

    private static final String FORM = "application/x-www-form-urlencoded";

    private final Path home = folder();
    private final Auth auth = open(home);
    private final BuiltInIssuer issuer = auth.issuer().orElseThrow();
    private String header = "";
    private String forged = "";
    private String body = "";

    private static Path folder() {
        try {
            return Files.createTempDirectory("millrace-benchmark");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Auth open(Path home) {
        try {
            return Auth.open(home, AuthConfig.BuiltIn.defaults(), InstantSource.system(), new SecureRandom());
        } catch (AuthException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Setup
    public void prepare() throws AuthException, InterruptedException {
        NewSecret secret = issuer.clients()
                .add(
                        "producer",
                        Set.of(io.millrace.server.auth.Scope.EVENTS_WRITE, io.millrace.server.auth.Scope.DATA_READ));
        String token = issuer.token("producer").token();
        header = "Bearer " + token;
        // Another character in the middle of the signature: everything is looked at before it is found out.
        int at = token.length() - 100;
        forged = "Bearer " + token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
        body = "grant_type=client_credentials&client_id=producer&client_secret=" + secret.secret();
    }

    /** A token that was checked before: what each request costs. */
    @Benchmark
    public Decision remembered() {
        return auth.tokens().check(header);
    }

    /** A token with a wrong signature, which is what the first check of a good one costs as well. */
    @Benchmark
    public Decision unknown() {
        return auth.tokens().check(forged);
    }

    /** A token for a client whose secret was shown lately, with its line in the audit log. */
    @Benchmark
    public TokenAnswer issued() throws InterruptedException {
        return issuer.endpoint().answer(new Call(null, "192.0.2.1", "POST", "/oauth2/token", "r1"), FORM, body);
    }

    @TearDown
    public void remove() throws IOException {
        auth.close();
        ScratchFolder.remove(home);
    }
}
