package io.millrace.connectors.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.SinkException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseUrlTest {

    @Test
    void theFormOfLibpqIsUnderstood() throws Exception {
        DatabaseUrl url =
                DatabaseUrl.parse("postgresql://some%40user:p%3Ass+%25@db.example:6543/my%20db?sslmode=require");
        assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:6543/my%20db");
        assertThat(url.user()).isEqualTo("some@user");
        assertThat(url.properties()).isEqualTo(Map.of("user", "some@user", "password", "p:ss+%", "sslmode", "require"));
        assertThat(url.toString()).isEqualTo("db.example:6543/my db as some@user");
    }

    @Test
    void whatIsLeftOutHasTheDefaultsOfLibpq() throws Exception {
        DatabaseUrl url = DatabaseUrl.parse("postgres://u@[::1]");
        assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://[::1]:5432/u");
        assertThat(url.database()).isEqualTo("u");
        assertThat(DatabaseUrl.parse("postgresql://u@/d").jdbcUrl()).isEqualTo("jdbc:postgresql://localhost:5432/d");
    }

    @Test
    void severalHostsAreKept() throws Exception {
        assertThat(DatabaseUrl.parse("postgresql://u@a:1,b/d").jdbcUrl()).isEqualTo("jdbc:postgresql://a:1,b:5432/d");
    }

    @Test
    void theFormOfJdbcIsUnderstood() throws Exception {
        DatabaseUrl url = DatabaseUrl.parse("jdbc:postgresql://h:1/d?user=u&password=p&ssl=false");
        assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://h:1/d");
        assertThat(url.properties()).isEqualTo(Map.of("user", "u", "password", "p", "ssl", "false"));
        assertThat(DatabaseUrl.parse("jdbc:postgresql://u:p@h/d").properties())
                .isEqualTo(Map.of("user", "u", "password", "p"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://u:secret@h/d",
                "u:secret@h",
                "postgresql://u:secret@h:99999/d",
                "postgresql://u:secret@h:x/d",
                "postgresql://u:secret@h/d?unknown=secret",
                "postgresql://u:secret%@h/d"
            })
    void whatIsNotUnderstoodIsToldWithoutThePassword(String url) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url))
                .isInstanceOf(SinkException.class)
                .hasMessageNotContaining("secret")
                .hasMessageStartingWith("The URL of the database");
    }
}
