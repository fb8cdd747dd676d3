package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the launcher builds, in a tree with a Maven that only notes that it was called. */
class LauncherBuildTest {

    /** What the launcher starts here: says its arguments and ends with the first of them. */
    public static final class Program {
        private Program() {}

        public static void main(String[] args) {
            System.out.println("program " + String.join("|", args));
            System.exit(Integer.parseInt(args[0]));
        }
    }

    private static final String MAVEN = """
            #!/bin/sh
            echo called >>maven-calls
            if [ -e maven-fails ]; then
              echo "[INFO] compiling"
              echo "[ERROR] Some.java:[3,4] not a statement"
              exit 1
            fi
            mkdir -p cli/target/install/one/lib
            cp program.jar cli/target/install/one/lib/millrace-cli.jar
            printf 'jdk=%s\\ninstall=one\\noptions="-Xlog:disable"\\n' "$TEST_JDK" >cli/target/install/new
            mv cli/target/install/new cli/target/install/current
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path tree;

    @BeforeEach
    void plantTree() throws IOException {
        Path root = Shell.root();
        Files.createDirectories(tree.resolve(".mvn"));
        Files.createDirectories(tree.resolve("cli/src/main/java"));
        Files.copy(root.resolve("millrace"), tree.resolve("millrace"));
        Files.copy(root.resolve(".mvn/find-jdk.sh"), tree.resolve(".mvn/find-jdk.sh"));
        Files.writeString(tree.resolve("pom.xml"), "<project/>");
        Files.writeString(tree.resolve("cli/pom.xml"), "<project/>");
        Files.writeString(tree.resolve("cli/src/main/java/A.java"), "class A {}");
        Files.writeString(tree.resolve("mvnw"), MAVEN.replace("#!/bin/sh\n", "#!/bin/sh\ncd \"${0%/*}\"\n"));
        for (String program : new String[] {"millrace", "mvnw"}) {
            Files.setPosixFilePermissions(tree.resolve(program), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        programJar(tree.resolve("program.jar"));
        // Older than any build, by more than the clock of a file system can blur.
        try (var files = Files.walk(tree)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
            }
        }
    }

    @Test
    void buildsOnFirstUseAndNotAgain() throws IOException, InterruptedException {
        Shell.Outcome first = millrace("0", "two words", "");
        Shell.Outcome second = millrace("0");

        assertThat(first.printed()).contains("building for the first time").endsWith("program 0|two words|\n");
        assertThat(second).isEqualTo(new Shell.Outcome(0, "program 0\n"));
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void endsAsTheProgramEnds() throws IOException, InterruptedException {
        assertThat(millrace("130").exitCode()).isEqualTo(130);
    }

    @Test
    void buildsAgainWhenASourceIsNewerOrGone() throws IOException, InterruptedException {
        millrace("0");
        Path source = tree.resolve("cli/src/main/java/A.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));
        Shell.Outcome changed = millrace("0");
        assertThat(changed.printed()).contains("the sources have changed");
        assertThat(calls()).isEqualTo(2);

        Files.setLastModifiedTime(source, FileTime.from(Instant.now().minusSeconds(60)));
        assertThat(millrace("0").printed()).isEqualTo("program 0\n");
        Files.delete(source);
        Files.setLastModifiedTime(
                Objects.requireNonNull(source.getParent()),
                FileTime.from(Instant.now().plusSeconds(1)));
        millrace("0");
        assertThat(calls()).isEqualTo(3);
    }

    @Test
    void testsAreNotSources() throws IOException, InterruptedException {
        millrace("0");
        Files.createDirectories(tree.resolve("cli/src/test/java"));
        Files.createDirectories(tree.resolve("testkit/src/main/java"));
        Files.writeString(tree.resolve("testkit/pom.xml"), "<project/>");

        assertThat(millrace("0").printed()).isEqualTo("program 0\n");
    }

    @Test
    void aBuildThatFailsShowsItsErrorsAndIsTriedAgain() throws IOException, InterruptedException {
        Path fails = Files.createFile(tree.resolve("maven-fails"));
        Shell.Outcome failed = millrace("0");
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.printed())
                .contains("Some.java:[3,4] not a statement", "the build failed", "millrace-build.log")
                .doesNotContain("[INFO]", "program");

        Files.delete(fails);
        assertThat(millrace("0").printed()).endsWith("program 0\n");
    }

    @Test
    void twoAtOnceBuildOnce() throws IOException, InterruptedException {
        Process one = launch("0", "one");
        Process two = launch("0", "two");

        assertThat(end(one).printed()).endsWith("program 0|one\n");
        assertThat(end(two).printed()).endsWith("program 0|two\n");
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void isFoundThroughSymbolicLinksAndFromOtherFolders() throws IOException, InterruptedException {
        Path elsewhere = Files.createDirectories(tree.resolve("else where"));
        Files.createSymbolicLink(elsewhere.resolve("link"), Path.of("../millrace"));
        Files.createSymbolicLink(elsewhere.resolve("again"), elsewhere.resolve("link"));
        Process process = start(elsewhere, elsewhere.resolve("again").toString(), "0");

        assertThat(end(process).printed()).endsWith("program 0\n");
    }

    @Test
    void aMissingJdkIsNamed() throws IOException, InterruptedException {
        Files.writeString(
                tree.resolve(".mvn/find-jdk.sh"), "jdk_folders() { echo /nowhere; }\nfind_jdk() { return 1; }\n");
        Shell.Outcome outcome = millrace("0");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.printed()).contains("no JDK 25 or newer found", "/nowhere", "JAVA_HOME");
        assertThat(tree.resolve("maven-calls")).doesNotExist();
    }

    private Shell.Outcome millrace(String... args) throws IOException, InterruptedException {
        return end(launch(args));
    }

    private Process launch(String... args) throws IOException {
        String[] command = new String[args.length + 1];
        command[0] = tree.resolve("millrace").toString();
        System.arraycopy(args, 0, command, 1, args.length);
        return start(tree, command);
    }

    private static Process start(Path folder, String... command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("TEST_JDK", System.getProperty("java.home"));
        return builder.start();
    }

    private static Shell.Outcome end(Process process) throws IOException, InterruptedException {
        try (InputStream stream = process.getInputStream()) {
            String printed = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return new Shell.Outcome(process.waitFor(), printed);
        }
    }

    private long calls() throws IOException {
        return Files.readAllLines(tree.resolve("maven-calls")).size();
    }

    private static void programJar(Path jar) throws IOException {
        String name = Program.class.getName();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, name);
        String entry = name.replace('.', '/') + ".class";
        try (InputStream bytes =
                        Objects.requireNonNull(Program.class.getClassLoader().getResourceAsStream(entry));
                OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            out.putNextEntry(new JarEntry(entry));
            bytes.transferTo(out);
            out.closeEntry();
        }
    }
}
