package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractCommandsTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static Captured done(String... args) {
        Captured done = Captured.of(args);
        assertThat(done.exitCode()).as(done.toString()).isEqualTo(ExitCode.DONE);
        return done;
    }

    @Test
    void aProposalFitsTheFileThatItWasMadeOf() throws IOException {
        String events = file("events.jsonl", "\ufeff{\"id\":1}\r\n\n{\"id\":2,\"name\":\"x\"}\n{\"id\":");
        Captured proposed = Captured.of("contract", "infer", events, "--name", "Events");
        assertThat(proposed.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(proposed.out())
                .contains("\"title\": \"Events\"", "\"id\": { \"type\": \"integer\" }", "\"required\": [\"id\"]");
        assertThat(proposed.err()).contains("line 4: malformed_json: byte 7", "1 record could not be read");

        String schema = file("schema.json", proposed.out());
        Captured checked = Captured.of("contract", "check", events, "--schema", schema);
        assertThat(checked.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(checked.out())
                .contains("line 4: malformed_json", "3 records: 2 fit, 1 does not", "  malformed_json: 1");
    }

    @Test
    void compressedFilesAndCsvAreRead() throws IOException {
        Path packed = folder.resolve("events.jsonl.gz");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < 100_000; i++) {
                out.write(("{\"id\":" + i + "}\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        Files.write(packed, bytes.toByteArray());
        assertThat(done("contract", "infer", packed.toString()).out()).contains("from 100,000 records.");
        assertThat(done("contract", "infer", file("a.csv", "id,name,on\n1,x,true\n2,\"y\nz\",\n"))
                        .out())
                .contains(
                        "\"id\": { \"type\": \"integer\" }",
                        "\"name\": { \"type\": \"string\" }",
                        "\"on\": { \"type\": [\"boolean\", \"null\"] }");
        Captured bad = done("contract", "infer", file("b.csv", "id\n1\n2,3\n"));
        assertThat(bad.err()).contains("byte 6: wrong_field_count");
    }

    @Test
    void aFileWithoutRecordsIsAnError() throws IOException {
        for (String text : new String[] {"", "\n", "[{\"a\":1}]\n"}) {
            Captured none = Captured.of("contract", "infer", file("none.jsonl", text));
            assertThat(none.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(none.err()).contains("there is no record in");
            assertThat(none.out()).isEmpty();
        }
        assertThat(Captured.of("contract", "infer", file("none.csv", "")).exitCode())
                .isEqualTo(ExitCode.FAILED);
        assertThat(Captured.of("contract", "infer", "missing.jsonl").err()).contains("no such file");
    }

    @Test
    void violationsAreShownWithLinePointerAndCodeAsManyAsAskedFor() throws IOException {
        String schema = file("schema.json", "{\"properties\":{\"a\":{\"type\":\"integer\"}}}");
        String events = file("events.jsonl", "{\"a\":1}\n{\"a\":\"x\"}\n{\"a\":null}\n{\"a\":[]}\n");
        Captured checked = Captured.of("contract", "check", events, "--schema", schema, "--limit", "2");
        assertThat(checked.out()).isEqualTo("""
                        line 2: /a: contract_type: expected integer, found a string
                        line 3: /a: contract_type: expected integer, found null
                        and 1 more
                        4 records: 1 fits, 3 do not
                          contract_type: 3
                        """);
        assertThat(done("contract", "check", file("good.jsonl", "{\"a\":1}\n"), "--schema", schema)
                        .out())
                .isEqualTo("1 record: 1 fits, 0 do not\n");
    }

    @Test
    void rowsOfCsvAreHeldToASchemaAsAPipelineDoes() throws IOException {
        String schema = file("csv.json", "{\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]}");
        Captured checked = Captured.of(
                "contract", "check", file("rows.csv", "a,b\n1,\"x\ny\"\nz,\n,y\n1,2,3\n"), "--schema", schema);
        assertThat(checked.out()).isEqualTo("""
                        byte 13: /a: contract_type: expected integer, found a string
                        byte 16: contract_required: the required field 'a' is missing
                        byte 19: wrong_field_count: expected 2 fields, found 3
                        4 records: 1 fits, 3 do not
                          contract_required: 1
                          contract_type: 1
                          wrong_field_count: 1
                        """);
        assertThat(checked.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aDiffIsDoneWhereCompatibleAndFailsOtherwise() throws IOException {
        String old = file("old.json", "{\"properties\":{\"a\":{\"type\":\"integer\"}}}");
        String wide = file("wide.json", "{\"properties\":{\"a\":{\"type\":\"number\"}}}");
        String odd = file("odd.json", "{\"properties\":{\"a\":{\"type\":\"integer\",\"not\":{\"const\":3}}}}");
        assertThat(done("contract", "diff", old, wide).out()).startsWith("compatible: ");

        Captured breaks = Captured.of("contract", "diff", wide, old);
        assertThat(breaks.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(breaks.out())
                .isEqualTo(
                        "breaks: a number with a fraction is not taken any more; breaks a record whose /a is a number"
                                + " with a fraction (old #/properties/a/type, new #/properties/a/type)\n");
        assertThat(breaks.err()).contains("1 change breaks records, 0 can't be told");

        Captured open = Captured.of("contract", "diff", old, odd);
        assertThat(open.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(open.out()).startsWith("can't tell: ");
        assertThat(open.err()).contains("not known to be compatible");

        Captured unusable = Captured.of("contract", "diff", old, file("bad.json", "{\"pattern\":\"(\"}"));
        assertThat(unusable.exitCode()).isEqualTo(ExitCode.USAGE);
    }
}
