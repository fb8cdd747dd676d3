package io.millrace.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretHashTest {

    private final SecretHash hash = new SecretHash(TestHome.CHEAP, new SecureRandom());

    @Test
    void anotherImplementationsHashIsUnderstood() {
        // From test.c of the reference implementation, github.com/P-H-C/phc-winner-argon2.
        String reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assertThat(SecretHash.matches("password", reference)).isTrue();
        assertThat(SecretHash.matches("Password", reference)).isFalse();
    }

    @Property(tries = 200)
    void onlyTheSecretItselfMatches(
            @ForAll @StringLength(max = 100) String secret, @ForAll @StringLength(max = 100) String other) {
        String hashed = hash.of(secret);
        assertThat(SecretHash.wellFormed(hashed)).isTrue();
        assertThat(SecretHash.matches(secret, hashed)).isTrue();
        // A lone half of a surrogate pair becomes a question mark in UTF-8; no secret of ours has one.
        String asUtf8 = new String(other.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        String secretAsUtf8 = new String(secret.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        assertThat(SecretHash.matches(other, hashed)).isEqualTo(asUtf8.equals(secretAsUtf8));
    }

    @Test
    void theSameSecretHasAnotherHashEachTimeAndCostsWhatOwaspSays() {
        SecretHash real = new SecretHash(SecretHash.Cost.OWASP, new SecureRandom());
        assertThat(real.of("secret"))
                .startsWith("$argon2id$v=19$m=19456,t=2,p=1$")
                .isNotEqualTo(real.of("secret"));
        assertThat(real.decoy()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(SecretHash.wellFormed(real.decoy())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "$2b$12$abcdefghijklmnopqrstuu",
                "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=1048577,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=64,t=101,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=0,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$short"
            })
    void whatIsNoHashOrWouldEatTheMachineIsNotUsed(String text) {
        assertThat(SecretHash.wellFormed(text)).isFalse();
        assertThatThrownBy(() -> SecretHash.matches("secret", text)).isInstanceOf(IllegalArgumentException.class);
    }
}
