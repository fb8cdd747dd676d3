package io.millrace.connectors.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Sink;
import io.millrace.api.SinkException;
import io.millrace.api.SinkUnavailableException;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class ConnectionErrorsTest {

    private static final TestServer.Database DATABASE = TestServer.Database.create();

    private static final TableShape NUMBERS =
            new TableShape(List.of(new Col("n", Type.BIGINT, true, Merge.VALUE)), List.of(), Mode.APPEND, null);

    @AfterAll
    static void drop() {
        DATABASE.drop();
    }

    private static AbstractThrowableAssert<?, ?> connecting(String url) {
        return assertThatThrownBy(() -> {
                    try (Sink sink = Pipeline.open(url, "p", "t")) {
                        sink.progress();
                    }
                })
                .hasMessageNotContaining("secret");
    }

    @Test
    void aWrongPasswordIsToldAndNotTriedAgain() {
        connecting(DATABASE.url().replaceFirst(":[0-9a-f]+@", ":secret@"))
                .isExactlyInstanceOf(SinkException.class)
                .hasMessageContaining("refuses the password of user \"millrace\"");
    }

    @Test
    void anUnknownDatabaseIsTold() {
        connecting(DATABASE.url() + "_not_there")
                .isExactlyInstanceOf(SinkException.class)
                .hasMessageContaining("has no database \"" + DATABASE.name() + "_not_there\"");
    }

    @Test
    void anUnknownHostIsTold() {
        // A label of a name has at most 63 letters, so nobody need be asked.
        connecting("postgresql://u:secret@" + "h".repeat(64) + "/d")
                .isExactlyInstanceOf(SinkException.class)
                .hasMessageContaining("is not known");
    }

    @Test
    void aServerThatIsNotThereMayComeBack() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        connecting("postgresql://u:secret@127.0.0.1:" + port + "/d").isInstanceOf(SinkUnavailableException.class);
    }

    @Test
    void aSessionThatAnAdministratorEndsIsReplacedByTheNextCall() throws Exception {
        try (Sink sink = Pipeline.open(DATABASE.url(), "p", "ended")) {
            sink.prepare(NUMBERS);
            assertThat(sink.progress()).isEmpty();
            DATABASE.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
                    + " 'millrace' AND datname = current_database()");
            assertThatThrownBy(sink::progress).isInstanceOf(SinkUnavailableException.class);
            assertThat(sink.progress()).isEqualTo(Map.of());
        }
    }

    @Test
    void aUserWithoutPrivilegesIsToldWhatIsMissing() {
        DATABASE.execute("DROP ROLE IF EXISTS limited");
        DATABASE.execute("CREATE ROLE limited LOGIN PASSWORD 'secret'");
        String url = DATABASE.url().replaceFirst("millrace:[0-9a-f]+@", "limited:secret@");
        assertThatThrownBy(() -> {
                    try (Sink sink = Pipeline.open(url, "p", "denied")) {
                        sink.prepare(NUMBERS);
                    }
                })
                .isExactlyInstanceOf(SinkException.class)
                .hasMessageContaining("User \"limited\" lacks a privilege")
                .hasMessageContaining("permission denied");
        DATABASE.execute("DROP ROLE limited");
    }
}
