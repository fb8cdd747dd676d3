package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * The official tests of JSON Schema 2020-12, all of them, read where they lie: the folder {@code shared/corpora} beside the
 * repository or further up, or the one that {@code -Dmillrace.corpora} names. Without it there is nothing to test.
 */
class OfficialSuiteTest {

    private static final String SUITE = "json-schema-test-suite";
    private static final String REMOTES = "http://localhost:1234/";

    private static Path suite() {
        String named = System.getProperty("millrace.corpora");
        if (named != null) {
            return Path.of(named, SUITE);
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path suite = folder.resolve("shared/corpora").resolve(SUITE);
            if (Files.isDirectory(suite)) {
                return suite;
            }
        }
        return Path.of(SUITE);
    }

    @TestFactory
    List<DynamicContainer> everyVerdictIsTheOfficialOne() throws IOException {
        Path suite = suite();
        Path tests = suite.resolve("tests/draft2020-12");
        assumeTrue(Files.isDirectory(tests), "the official suite is not on this machine");
        List<Path> files;
        try (Stream<Path> walk = Files.walk(tests)) {
            files = walk.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
        Map<String, Path> remotes = Map.of(REMOTES, suite.resolve("remotes"));
        List<DynamicContainer> containers = new ArrayList<>();
        for (Path file : files) {
            List<DynamicTest> cases = new ArrayList<>();
            // This one file is about formats that are not asserted: "is only an annotation by default".
            boolean assertFormats = !tests.relativize(file).equals(Path.of("format.json"));
            for (JsonNode group : read(file)) {
                for (JsonNode test : group.get("tests")) {
                    String name = group.get("description").asString() + ": "
                            + test.get("description").asString();
                    cases.add(dynamicTest(name, () -> check(group, test, remotes, assertFormats)));
                }
            }
            containers.add(dynamicContainer(tests.relativize(file).toString(), cases));
        }
        return containers;
    }

    private static JsonNode read(Path file) throws IOException {
        byte[] text = Files.readAllBytes(file);
        return JsonTree.parse(text, 0, text.length);
    }

    private static void check(JsonNode group, JsonNode test, Map<String, Path> remotes, boolean assertFormats)
            throws Exception {
        byte[] schema = JsonTree.MAPPER.writeValueAsBytes(group.get("schema"));
        byte[] data = JsonTree.MAPPER.writeValueAsBytes(test.get("data"));
        RecordChecker checker = ContractSchema.compile("file:///suite/schema.json", schema, remotes, assertFormats)
                .checker();
        Violation violation = checker.check(data, 0, data.length);
        assertThat(violation == null)
                .as("schema %s, data %s: %s", group.get("schema"), test.get("data"), violation)
                .isEqualTo(test.get("valid").asBoolean());
    }
}
