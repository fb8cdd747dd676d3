package io.millrace.server.gateway;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The answer to events that were stored. */
final class Receipt {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Receipt() {}

    /** @param positions offsets by the names of partitions, which are digits and a hyphen */
    static byte[] of(int accepted, List<Refusals.Refused> refused, boolean repeated, Map<String, Long> positions) {
        StringBuilder text = new StringBuilder(128);
        text.append("{\"accepted\":").append(accepted).append(",\"refused\":");
        if (refused.isEmpty()) {
            text.append("[]");
        } else {
            text.append(JSON.writeValueAsString(Refusals.told(refused)));
        }
        text.append(",\"repeated\":").append(repeated).append(",\"positions\":{");
        String separator = "\"";
        for (Map.Entry<String, Long> position : positions.entrySet()) {
            text.append(separator)
                    .append(position.getKey())
                    .append("\":")
                    .append(position.getValue().longValue());
            separator = ",\"";
        }
        return text.append("}}").toString().getBytes(StandardCharsets.UTF_8);
    }
}
