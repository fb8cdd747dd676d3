package io.millrace.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Doc;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthConfigTest {

    @Test
    void theDocumentedDefaultsAreTheDefaults() throws ReflectiveOperationException {
        documented(AuthConfig.BuiltIn.defaults());
        documented(AuthConfig.Provider.of(URI.create("https://login.example.com"), "millrace"));
    }

    private static void documented(Record config) throws ReflectiveOperationException {
        assertThat(config.getClass().getAnnotation(Doc.class)).isNotNull();
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            Doc doc = component.getAnnotation(Doc.class);
            assertThat(doc).as(component.getName()).isNotNull();
            if (!doc.byDefault().isEmpty()) {
                Object value = Objects.requireNonNull(component.getAccessor().invoke(config));
                assertThat(text(value)).as(component.getName()).isEqualTo(doc.byDefault());
            }
        }
    }

    private static String text(Object value) {
        if (value instanceof Duration duration && duration.toDays() > 0) {
            return duration.toDays() + "d";
        }
        return value instanceof Duration duration
                ? duration.toString().substring(2).toLowerCase(Locale.ROOT)
                : value.toString();
    }

    @Test
    void aConfigurationThatCanNotWorkIsRefusedWithItsReason() {
        Duration day = Duration.ofDays(1);
        assertThatThrownBy(() -> new AuthConfig.BuiltIn("", "a", day, day, Duration.ZERO, day))
                .hasMessage("issuer is empty.");
        assertThatThrownBy(() -> new AuthConfig.BuiltIn("i", " ", day, day, Duration.ZERO, day))
                .hasMessage("audience is empty.");
        assertThatThrownBy(() -> new AuthConfig.BuiltIn("i", "a", Duration.ofMillis(1500), day, Duration.ZERO, day))
                .hasMessage("token_lifetime is PT1.5S; it must be whole seconds, one or more.");
        assertThatThrownBy(() -> new AuthConfig.BuiltIn("i", "a", day, day, day, day))
                .hasMessage("key_published_ahead is PT24H; it must not be negative and must be less than key_rotation,"
                        + " which is PT24H.");
        assertThatThrownBy(() -> new AuthConfig.BuiltIn("i", "a", day, day, Duration.ZERO, day.negated()))
                .hasMessage("secret_grace is PT-24H; it must not be negative.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://login.example.com",
                "http://localhost.example.com",
                "ftp://login.example.com",
                "login.example.com",
                "https://login.example.com?x=1",
                "https://login.example.com#x",
                "https:///realms/main"
            })
    void aProviderIsReachedByHttpsOnly(String issuer) {
        assertThatThrownBy(() -> AuthConfig.Provider.of(URI.create(issuer), "millrace"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("issuer is " + issuer + "; expected ");
    }

    @Test
    void plainHttpIsTakenOnLoopbackAndWhereItIsAskedFor() {
        assertThat(AuthConfig.Provider.of(URI.create("http://127.0.0.1:8080/realms/main"), "a"))
                .isNotNull();
        assertThat(new AuthConfig.Provider(
                                URI.create("http://keycloak:8080"), "a", Duration.ofMinutes(1), null, Map.of(), true)
                        .allowHttp())
                .isTrue();
    }
}
