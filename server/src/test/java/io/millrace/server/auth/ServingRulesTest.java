package io.millrace.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ServingRulesTest {

    private static final InetAddress OUTSIDE = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static ServingRules.Answer check(
            InetAddress address, boolean clients, boolean demo, boolean tls, boolean insecure) {
        return new ServingRules(address, clients, demo, tls, insecure).check();
    }

    @Property
    void onLoopbackEverythingIsAllowedAndDemoIsMadeWhereThereIsNoOtherClient(
            @ForAll boolean clients, @ForAll boolean demo, @ForAll boolean tls, @ForAll boolean insecure) {
        for (String address : new String[] {"127.0.0.1", "127.1.2.3", "::1"}) {
            assertThat(check(InetAddress.ofLiteral(address), clients, demo, tls, insecure))
                    .isEqualTo(new ServingRules.Answer.Allowed(!clients, List.of()));
        }
    }

    @Property
    void elsewhereClientsAndTlsAreNeededOrTheFlagThatSaysOtherwise(
            @ForAll boolean clients, @ForAll boolean demo, @ForAll boolean tls, @ForAll boolean insecure) {
        for (String address : new String[] {"0.0.0.0", "::", "192.0.2.1", "2001:db8::1", "169.254.0.1"}) {
            boolean allowed = check(InetAddress.ofLiteral(address), clients, demo, tls, insecure)
                    instanceof ServingRules.Answer.Allowed;
            assertThat(allowed).isEqualTo((clients && tls) || insecure);
        }
    }

    @Test
    void aRefusalSaysAllThatIsMissingAndWhatToDo() {
        assertThat(check(OUTSIDE, false, false, false, false))
                .isEqualTo(new ServingRules.Answer.Refused(
                        "Millrace does not start at every address of this machine, where others can reach it: there is"
                                + " no client but demo: make one with \"millrace client add\", or configure an OpenID"
                                + " provider; and there is no TLS, so that tokens and secrets can be read on the way:"
                                + " configure a certificate and its key. Or listen at 127.0.0.1, or say --insecure where"
                                + " something in front of it sees to this."));
    }

    @Test
    void whatIsInsecureIsSaidAtTheStart() {
        assertThat(check(OUTSIDE, true, true, false, true))
                .isInstanceOfSatisfying(ServingRules.Answer.Allowed.class, allowed -> {
                    assertThat(allowed.warnings()).hasSize(2);
                    assertThat(allowed.warnings().getFirst()).contains("no TLS");
                    assertThat(allowed.warnings().getLast()).contains("millrace client disable demo");
                    assertThat(allowed.demo()).isFalse();
                });
        assertThat(check(LOOPBACK, true, true, false, true))
                .isInstanceOfSatisfying(
                        ServingRules.Answer.Allowed.class,
                        allowed -> assertThat(allowed.warnings()).isEmpty());
    }

    @Test
    void namesAreNotLookedUpToFindOutWhetherTheyAreLoopback() {
        assertThat(ServingRules.loopbackName("localhost")).isTrue();
        assertThat(ServingRules.loopbackName("[::1]")).isTrue();
        assertThat(ServingRules.loopbackName("127.0.0.9")).isTrue();
        assertThat(ServingRules.loopbackName("localhost.example.com")).isFalse();
        assertThat(ServingRules.loopbackName("192.0.2.1")).isFalse();
    }
}
