package io.millrace.server.gateway;

import io.millrace.log.PartitionName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** The answer to events that were stored. By hand, since it is written for each event. Not thread-safe. */
final class Receipt {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final StringBuilder positions = new StringBuilder(32);
    private boolean repeated = true;

    /** @param end the offset after the last byte */
    void stored(PartitionName partition, long end) {
        repeated = false;
        repeated(partition, end);
    }

    /** @param end the offset after the last byte */
    void repeated(PartitionName partition, long end) {
        positions
                .append(positions.isEmpty() ? "\"" : ",\"")
                .append(partition.slot())
                .append('-')
                .append(partition.partition())
                .append("\":")
                .append(end);
    }

    byte[] json(int accepted, List<Refusals.Refused> refused) {
        String told = refused.isEmpty() ? "[]" : JSON.writeValueAsString(Refusals.told(refused));
        String text = "{\"accepted\":" + accepted + ",\"refused\":" + told + ",\"repeated\":" + repeated
                + ",\"positions\":{" + positions + "}}";
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
