package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class InvocationTest {

    @Test
    void commandsCanBePastedIntoAShell() {
        Invocation plain = new Invocation("./millrace", List.of());

        assertThat(plain.command("query", "SELECT * FROM t")).isEqualTo("./millrace query \"SELECT * FROM t\"");
        assertThat(plain.command("query", "SELECT \"a\" FROM t WHERE b = 'x'"))
                .isEqualTo("./millrace query 'SELECT \"a\" FROM t WHERE b = '\\''x'\\'''");
        assertThat(new Invocation("./millrace", List.of("--home", "/tmp/my data")).command("psql"))
                .isEqualTo("./millrace psql --home \"/tmp/my data\"");
    }
}
