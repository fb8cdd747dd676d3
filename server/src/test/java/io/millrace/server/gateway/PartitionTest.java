package io.millrace.server.gateway;

import static io.millrace.server.gateway.TestGateway.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.PartitionName;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams with several partitions. */
class PartitionTest {

    @TempDir
    Path folder;

    private TestGateway server;

    @BeforeEach
    void start() throws Exception {
        server = new TestGateway(folder, TestGateway.Setting.usual().partitions(4));
        server.gateway.routes(
                Routes.NONE.and(new Intake("/events", server.stream, List.of("userId"), List.of(), List::of)));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void recordsOfOneKeyAreInOnePartitionHoweverTheyAreWritten() throws Exception {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            String user = "u" + i % 40;
            body.append(
                            i % 3 == 0
                                    ? "{\"userId\":\"\\u0075" + user.substring(1) + "\"}"
                                    : "{ \"userId\": \"" + user + "\" }")
                    .append('\n');
        }
        body.append("{\"other\":1}\nno json\n{\"userId\":{}}\n");
        Map<String, Object> answer = object(server.ndjson(body.toString()).body());
        assertThat(answer).containsEntry("accepted", 403);
        Map<?, ?> positions = (Map<?, ?>) Objects.requireNonNull(answer.get("positions"));
        assertThat(positions).hasSize(4);
        Map<String, PartitionName> where = new HashMap<>();
        for (PartitionName partition : server.log.partitions("events")) {
            List<String> records = server.records(partition);
            assertThat(records.stream().mapToInt(record -> record.length() + 1).sum())
                    .isEqualTo(positions.get("0-" + partition.partition()));
            for (String record : records) {
                if (record.contains("userId\":{") || !record.contains("userId")) {
                    assertThat(partition.partition()).as(record).isZero();
                } else {
                    String user = record.replace("\\u0075", "u").replaceAll(".*\"(u\\d+)\".*", "$1");
                    assertThat(where.merge(user, partition, (before, now) -> before))
                            .as(user)
                            .isEqualTo(partition);
                }
            }
        }
        assertThat(where).hasSize(40);
    }

    @Test
    void aRepeatedRequestIsKnownInAllItsPartitionsAfterARestartToo() throws Exception {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            body.append("{\"userId\":").append(i).append("}\n");
        }
        String first = server.ndjson(body.toString(), "Idempotency-Key", "k").body();
        String again = first.replace("\"repeated\":false", "\"repeated\":true");
        assertThat(server.ndjson(body.toString(), "Idempotency-Key", "k").body())
                .isEqualTo(again);
        assertThat(server.ndjson("{\"userId\":1}", "Idempotency-Key", "k").statusCode())
                .isEqualTo(409);
        server.restart();
        server.gateway.routes(
                Routes.NONE.and(new Intake("/events", server.stream, List.of("userId"), List.of(), List::of)));
        assertThat(server.ndjson(body.toString(), "Idempotency-Key", "k").body())
                .isEqualTo(again);
        assertThat(server.records()).hasSize(20);
    }

    @Test
    void withoutAKeyAConnectionKeepsItsOrderAndARepeatedRequestIsKnownOnAnother() throws Exception {
        server.gateway.routes(Routes.NONE.and(new Intake("/events", server.stream)));
        try (Raw raw = new Raw(server.port())) {
            for (int i = 0; i < 10; i++) {
                raw.say(Raw.head(server.token, "Content-Length: 7") + "\r\n{\"n\":" + i + "}");
                assertThat(raw.hear().status()).isEqualTo(202);
            }
        }
        assertThat(server.records()).hasSize(10).isSorted();
        for (int i = 0; i < 8; i++) {
            try (Raw raw = new Raw(server.port())) {
                raw.say(Raw.head(server.token, "Content-Length: 8", "Idempotency-Key: k") + "\r\n{\"n\":99}");
                assertThat(raw.hear().body()).contains("\"repeated\":" + (i > 0));
            }
        }
    }
}
