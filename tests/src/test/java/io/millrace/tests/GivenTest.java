package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be given to a test, beside records in the file itself. */
class GivenTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @BeforeEach
    void aPipelineThatReadsItsSurroundings() throws Exception {
        Files.writeString(folder.resolve("pipeline.yaml"), """
                pipeline: seen
                from: { files: { path: none.jsonl } }
                columns: { a: VARCHAR NOT NULL, b: BIGINT }
                transform: |
                  SELECT a, b, _received_at AS at, _source AS source, _offset AS place, _client AS client
                  FROM input
                into: { postgres: { table: seen } }
                """);
    }

    @Test
    void theTimeOfReceiptIsThatOfTheRecordOrTheTestOrTheFile() throws Exception {
        passes("""
                at: 2026-01-01T00:00:00Z
                tests:
                  - name: the file's
                    given: [{ a: x }, { a: y, _received_at: 2026-03-01T01:00:00.5+01:00 }]
                    expect:
                      - { a: x, at: 2026-01-01T00:00:00Z }
                      - { a: y, at: "2026-03-01 00:00:00.5+00" }
                  - name: its own
                    at: 2026-02-01T00:00:00Z
                    given: [{ a: x }]
                    expect: [{ at: 2026-02-01T00:00:00Z }]
                """);
    }

    @Test
    void sourceOffsetAndClientAreWhatTheRecordSays() throws Exception {
        passes("""
                tests:
                  - name: surroundings
                    given:
                      - { a: x, _source: shop.jsonl, _offset: 17, _client: till-1 }
                      - { a: y, _source: other.jsonl }
                      - { a: z }
                      - { a: 5, _source: other.jsonl, _offset: "9" }
                    expect:
                      - { a: x, source: shop.jsonl, place: 17, client: till-1 }
                      - { a: y, source: other.jsonl, place: 2, client: null }
                      - { a: z, source: given, place: 3 }
                    quarantine:
                      - { record: 4, code: wrong_type, field: a, stage: decode }
                """);
        assertThat(Suites.problems(file("""
                tests:
                  - name: twice
                    given:
                      - { a: x, _offset: 1 }
                      - { a: y, _offset: 1, _received_at: soon, _client: [] }
                """)))
                .contains(
                        "6:9: _offset: there is another record at 1",
                        "6:43: _received_at: expected a time such as",
                        "6:58: _client: expected text");
    }

    @Test
    void filesMayBeCsvAndCompressed() throws Exception {
        Files.writeString(folder.resolve("plain.csv"), "b,a,c\n1,\"x\ny\",\n,,\n2,\"z,z\",5\n3,w\n");
        Files.writeString(folder.resolve("bare.csv"), "v;4\nu;5\n");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("more.jsonl.gz")))) {
            out.write("{\"a\":\"g\",\"b\":9}\n\n{\"a\":\"h\"}".getBytes(StandardCharsets.UTF_8));
        }
        passes("""
                tests:
                  - name: files
                    given: [{ a: first }]
                    files: [plain.csv, more.jsonl.gz]
                    expect:
                      - { a: first, place: 1 }
                      - { a: "x\\ny", b: 1, place: 2 }
                      - { a: "z,z", b: 2, place: 4 }
                      - { a: g, b: 9, place: 6 }
                      - { a: h, b: null }
                    quarantine:
                      - { record: 3, code: null_field, field: a }
                      - { record: 5, code: wrong_field_count }
                    shuffle: true
                    parallel: 2
                    restart_after: 3
                """);
        passes("""
                csv: { delimiter: ;, header: false, columns: [a, b] }
                tests:
                  - name: bare
                    files: [bare.csv]
                    expect: [{ a: v, b: 4 }, { a: u, b: 5 }]
                """);
    }

    @Test
    void aFileThatCanNotBeReadIsToldWithItsPlace() throws Exception {
        ByteArrayOutputStream cut = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(cut)) {
            out.write("{\"a\":\"g\"}\n".getBytes(StandardCharsets.UTF_8));
        }
        Files.write(folder.resolve("cut.gz"), java.util.Arrays.copyOf(cut.toByteArray(), cut.size() - 4));

        assertThat(Suites.problems(file("""
                tests:
                  - name: files
                    files: [none.jsonl]
                  - name: damaged
                    files: [cut.gz]
                """)))
                .contains("4:12: files: there is no file", "6:12: files: ", "cut.gz can't be read: ");
    }

    @Test
    void aCsvFileWithoutAColumnThatTheQueryReadsFailsTheTest() throws Exception {
        Files.writeString(folder.resolve("other.csv"), "x,y\n1,2\n");
        assertThat(Suites.run(file("""
                tests:
                  - name: files
                    files: [other.csv]
                    expect: []
                """)).getFirst().failure())
                .first()
                .asString()
                .contains("there is no column");
    }

    @Test
    void aQuoteThatIsNeverClosedIsOneBadRecord() throws Exception {
        Files.writeString(folder.resolve("open.csv"), "a,b\nx,1\n\"y,2\n");
        passes("""
                tests:
                  - name: files
                    files: [open.csv]
                    expect: [{ a: x }]
                    quarantine: [{ code: malformed_csv, record: 2 }]
                """);
    }

    private void passes(String rest) throws Exception {
        assertThat(Suites.run(file(rest)))
                .allSatisfy(result -> assertThat(result.failure()).isEmpty());
    }

    private Path file(String rest) throws Exception {
        return Files.writeString(folder.resolve("a.test.yaml"), "pipeline: pipeline.yaml\n" + rest);
    }
}
