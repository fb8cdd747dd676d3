package io.millrace.connectors.files;

import io.millrace.api.Source;
import io.millrace.api.SourceConnector;
import io.millrace.connectors.files.FilesConfig.Compressed;
import io.millrace.testkit.SourceContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Files keep what every source promises. */
class FilesContractTest extends SourceContract {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Override
    protected void add(List<Long> numbers) throws Exception {
        Files.write(
                folder.resolve("numbers.jsonl"),
                numbers.stream().map(n -> "{\"n\": " + n + "}").toList(),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    @Override
    protected Source open() throws Exception {
        return new FilesConnector()
                .open(
                        new FilesConfig("numbers.jsonl", null, null, Compressed.AUTO, 1 << 20),
                        new SourceConnector.Context("contract", folder, folder));
    }
}
