package io.millrace.connectors.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.millrace.api.SourceConnector;
import io.millrace.api.SourceException;
import io.millrace.connectors.files.FilesConfig.Compressed;
import io.millrace.connectors.files.FilesConfig.Form;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files a path means, and what is said where it means none. */
class FindingFilesTest {
    @TempDir
    private Path folder = Path.of("");

    private final List<String> remarks = new ArrayList<>();

    @BeforeEach
    void makeFiles() throws IOException {
        for (String name : List.of(
                "events.jsonl",
                "orders.csv",
                ".hidden.jsonl",
                "in/a.jsonl",
                "in/b.json",
                "in/deep/c.jsonl",
                "in/.git/d.jsonl",
                "with space/grün €.jsonl",
                "in/[x].jsonl",
                "star*.jsonl")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "{\"v\":\"" + name + "\"}\n");
        }
    }

    private List<String> find(String path) throws SourceException {
        return FileSearch.find(folder, path, remarks::add).stream()
                .map(FoundFile::name)
                .toList();
    }

    @Test
    void patternsMatchAsInAShell() throws Exception {
        assertThat(find("*.jsonl")).containsExactly("events.jsonl", "star*.jsonl");
        assertThat(find("in/*")).containsExactly("in/[x].jsonl", "in/a.jsonl", "in/b.json");
        assertThat(find("**/*.jsonl"))
                .containsExactly(
                        "events.jsonl",
                        "in/[x].jsonl",
                        "in/a.jsonl",
                        "in/deep/c.jsonl",
                        "star*.jsonl",
                        "with space/grün €.jsonl");
        assertThat(find("in/**")).containsExactly("in/[x].jsonl", "in/a.jsonl", "in/b.json", "in/deep/c.jsonl");
        assertThat(find("{events,in/?}.json*")).containsExactly("events.jsonl", "in/a.jsonl", "in/b.json");
        assertThat(find(".*.jsonl")).containsExactly(".hidden.jsonl");
        assertThat(find("in/../ev*")).containsExactly("in/../events.jsonl");
        assertThat(find(folder + "/o*")).containsExactly(folder + "/orders.csv");
        assertThat(remarks).isEmpty();
    }

    @Test
    void aFileOfThatVeryNameIsNoPattern() throws Exception {
        assertThat(find("star*.jsonl")).containsExactly("star*.jsonl");
        assertThat(find("./in/../events.jsonl")).containsExactly("events.jsonl");
        assertThat(find("with space/grün €.jsonl")).hasSize(1);
        assertThat(new Pipe(folder, "with space/grün €.jsonl").run()).hasSize(1);
    }

    @Test
    void aFileWithSeveralNamesIsReadOnce() throws Exception {
        Files.createSymbolicLink(folder.resolve("all.jsonl"), Path.of("events.jsonl"));
        Files.createLink(folder.resolve("in/hard.jsonl"), folder.resolve("in/a.jsonl"));

        assertThat(find("*.jsonl")).containsExactly("events.jsonl", "star*.jsonl");
        assertThat(find("in/*.jsonl")).containsExactly("in/[x].jsonl", "in/a.jsonl");
        assertThat(remarks).hasSize(2).allMatch(r -> r.contains("is another name of"));
    }

    @Test
    void linksThatGoRoundAreFollowedOnce() throws Exception {
        Files.createSymbolicLink(folder.resolve("in/loop"), folder.resolve("in"));
        Files.createSymbolicLink(folder.resolve("x"), Path.of("y"));
        Files.createSymbolicLink(folder.resolve("y"), Path.of("x"));

        assertThat(find("**/a.jsonl")).containsExactly("in/a.jsonl");
        assertThatThrownBy(() -> find("x"))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("leads back to itself");
        assertThat(find("{x,events.jsonl}*")).containsExactly("events.jsonl");
        assertThat(remarks).anyMatch(r -> r.startsWith("x is a link that leads to no file"));
    }

    @Test
    void aMissingFileIsToldWithNearNames() {
        assertThatThrownBy(() -> find("event.jsonl"))
                .isInstanceOf(SourceException.class)
                .hasMessage("There is no file event.jsonl (" + folder + "/event.jsonl). Did you mean events.jsonl?");
        assertThatThrownBy(() -> find("inn/a.jsonl"))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("The folder " + folder + "/inn does not exist. Did you mean in?");
        assertThatThrownBy(() -> find("events.jsonl/a")).isInstanceOf(SourceException.class);
    }

    @Test
    void aPatternThatMatchesNothingIsToldWithWhatIsThere() {
        assertThatThrownBy(() -> find("in/*.csv"))
                .isInstanceOf(SourceException.class)
                .hasMessage("No file matches in/*.csv in " + folder + ". " + folder
                        + "/in holds [x].jsonl, a.jsonl, b.json.");
        assertThatThrownBy(() -> find("*n"))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("matches folders only");
        assertThatThrownBy(() -> find("inn/*.jsonl"))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("Did you mean in?");
    }

    @Test
    void aFolderIsToldHowToReadItsFiles() {
        assertThatThrownBy(() -> find("in"))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("is a folder")
                .hasMessageContaining("say in/*.jsonl");
    }

    @Test
    void pipesAndDevicesAreRefused() throws Exception {
        new ProcessBuilder("mkfifo", folder.resolve("fifo.jsonl").toString())
                .start()
                .waitFor();

        assertThatThrownBy(() -> find("fifo.jsonl"))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("is a pipe, a socket or a device");
        assertThatThrownBy(() -> find("/dev/null")).isInstanceOf(SourceException.class);
        assertThat(find("*.jsonl")).doesNotContain("fifo.jsonl");
        assertThat(remarks).singleElement().asString().contains("fifo.jsonl").contains("passed over");
    }

    @Test
    void withoutPermissionTheMessageSaysWhatToDo() throws Exception {
        assertThat(Unreadable.refused("a", Path.of("/x/a"), new AccessDeniedException("/x/a")))
                .hasMessageStartingWith("No permission to read a (/x/a).");
        assumeFalse("root".equals(System.getProperty("user.name")), "root may read everything");
        Files.setPosixFilePermissions(folder.resolve("events.jsonl"), PosixFilePermissions.fromString("---------"));
        assertThatThrownBy(() -> new Pipe(folder, "events.jsonl").run())
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("No permission");
    }

    @Test
    void theConnectorIsFoundAndLints() {
        FilesConnector connector = ServiceLoader.load(SourceConnector.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(FilesConnector.class::isInstance)
                .map(FilesConnector.class::cast)
                .findFirst()
                .orElseThrow();

        assertThat(connector.name()).isEqualTo("files");
        assertThat(connector.lint(config("*.jsonl", null, null, 1 << 24))).isEmpty();
        assertThat(keys(connector, config("", null, null, 1 << 24))).containsExactly("path");
        assertThat(keys(connector, config("a\0b", null, null, 1 << 24))).containsExactly("path");
        assertThat(keys(connector, config("{a,b}".repeat(20), null, null, 1 << 24)))
                .containsExactly("path");
        assertThat(keys(connector, config("a", null, null, 5))).containsExactly("max_record_bytes");
        FilesConfig.Csv semicolons = new FilesConfig.Csv(';', "\"", true, null);
        assertThat(keys(connector, config("a.csv", null, semicolons, 1 << 24))).isEmpty();
        assertThat(keys(connector, config("a", Form.NDJSON, semicolons, 1 << 24)))
                .containsExactly("csv");
        assertThat(keys(connector, config("a.csv", null, new FilesConfig.Csv('é', "\"", true, null), 1 << 24)))
                .containsExactly("csv");
        assertThat(keys(connector, config("a.csv", null, new FilesConfig.Csv(',', "''", true, null), 1 << 24)))
                .containsExactly("csv.quote");
    }

    @Test
    void onlyAFileThatIsReadAsOneHasAnOrder() {
        FilesConnector connector = new FilesConnector();
        assertThat(connector.keysMaySpanSplits(config("a.jsonl", null, null, 1 << 24)))
                .isTrue();
        assertThat(connector.keysMaySpanSplits(config("*.gz", null, null, 1 << 24)))
                .isTrue();
        assertThat(connector.keysMaySpanSplits(config("a.jsonl.gz", null, null, 1 << 24)))
                .isFalse();
        assertThat(connector.keysMaySpanSplits(config("a.csv", null, null, 1 << 24)))
                .isFalse();
        FilesConfig.Csv plain = new FilesConfig.Csv(',', "", true, null);
        assertThat(connector.keysMaySpanSplits(config("a.csv", null, plain, 1 << 24)))
                .isTrue();
    }

    private static FilesConfig config(
            String path, @Nullable Form form, FilesConfig.@Nullable Csv csv, int maxRecordBytes) {
        return new FilesConfig(path, form, csv, Compressed.AUTO, maxRecordBytes);
    }

    private static List<String> keys(FilesConnector connector, FilesConfig config) {
        return connector.lint(config).stream().map(SourceConnector.Problem::key).toList();
    }
}
