package io.millrace.cli.quarantine;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** JSON records as trees, and back. Numbers keep all their digits. */
final class JsonRecords {

    private JsonRecords() {}

    /** Empty where the bytes are not one JSON object. */
    static Optional<JsonObject> parse(byte[] bytes) {
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(bytes))) {
            return Optional.of(reader.readObject());
        } catch (JsonException e) {
            // It may be what the record is in the quarantine for.
            return Optional.empty();
        }
    }

    /** On one line. */
    static byte[] bytes(JsonObject record) {
        return record.toString().getBytes(StandardCharsets.UTF_8);
    }
}
