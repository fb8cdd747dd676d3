package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command of the README, the examples and the guide is run, and prints what the page says it prints. */
class DocumentationIT {

    /** A fenced block: its language, and what is in it. */
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");

    /** Figures that differ from run to run: times, rates, and how many decimals they have. */
    private static final Pattern MEASURED = Pattern.compile("\\d[\\d,.]*(?: s\\b|/s| min\\b)");

    /** The one command that is not run by a test: it runs the tests. */
    private static final String VERIFY = "./mvnw verify\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
        for (String under : List.of("examples", "docs/guide")) {
            try (Stream<Path> files = Files.walk(Shell.root().resolve(under))) {
                files.filter(file -> file.toString().endsWith(".md"))
                        .sorted()
                        .map(Shell.root()::relativize)
                        .forEach(pages::add);
            }
        }
        return pages;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyCommandOfAPageDoesWhatThePageSays(Path page) throws IOException, InterruptedException {
        Matcher block = BLOCK.matcher(Files.readString(Shell.root().resolve(page)));
        int commands = 0;
        String printed = "";
        try (Shell shell = Shell.in(folder)) {
            while (block.find()) {
                String content = block.group(2);
                if (block.group(1).equals("sh") && !content.equals(VERIFY)) {
                    Shell.Outcome outcome = shell.run("sh", "-e", "-c", content);
                    assertThat(outcome.exitCode())
                            .as("%s: %s%s", page, content, outcome.printed())
                            .isZero();
                    printed = outcome.printed();
                    commands++;
                } else if (block.group(1).equals("text")) {
                    assertThat(comparable(printed)).as(page.toString()).contains(comparable(content));
                }
            }
        }
        assertThat(commands).as("commands on %s", page).isPositive();
    }

    private static String comparable(String text) {
        return MEASURED.matcher(text).replaceAll("#");
    }
}
