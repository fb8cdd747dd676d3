package io.millrace.cli.quarantine;

import io.millrace.api.Quarantine;
import io.millrace.api.Rejection;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A record with all that is known of it, as one line of JSON. */
public final class Envelope {

    private Envelope() {}

    /** The record is {@code raw} where it is UTF-8, and {@code raw_base64} where it is not. */
    public static byte[] of(Quarantine.Entry entry) {
        Rejection rejection = entry.rejection();
        JsonObjectBuilder envelope = Json.createObjectBuilder()
                .add("number", entry.number())
                .add("split", entry.split())
                .add("position", rejection.position())
                .add("since", entry.since().toString())
                .add("stage", rejection.stage().word())
                .add("code", rejection.code());
        if (rejection.field() == null) {
            envelope.addNull("field");
        } else {
            envelope.add("field", rejection.field());
        }
        envelope.add("message", rejection.message());
        try {
            envelope.add(
                    "raw",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(rejection.raw()))
                            .toString());
        } catch (CharacterCodingException e) {
            envelope.add("raw_base64", Base64.getEncoder().encodeToString(rejection.raw()));
        }
        return envelope.build().toString().getBytes(StandardCharsets.UTF_8);
    }
}
