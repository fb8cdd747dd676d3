package io.millrace.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditTest {

    private static final Call CALL = new Call("Bearer x.y.z", "192.0.2.1", "POST", "/erase/{subject}", "r1");

    private final TestHome home = new TestHome();
    private final Path folder = home.path.resolve("audit");

    @AfterEach
    void close() {
        home.close();
    }

    private static Audit.Entry refusal(String reason) {
        return Audit.Entry.of(Audit.Kind.REFUSAL).in(CALL).reason(reason);
    }

    private static Audit.Entry privileged(String client) {
        return Audit.Entry.of(Audit.Kind.PRIVILEGED_CALL)
                .client(client)
                .in(CALL)
                .reason("privacy:erase");
    }

    @Test
    void anEntryIsALineThatOnlyTheOwnerCanRead() throws Exception {
        try (Audit audit = Audit.open(folder, home.clock)) {
            audit.record(privileged("operator"));
        }
        Path file = folder.resolve("audit-2026-11-21.ndjson");
        assertThat(Files.readString(file))
                .isEqualTo("{\"time\":\"2026-11-21T10:00:00Z\",\"kind\":\"privileged_call\",\"client\":\"operator\","
                        + "\"address\":\"192.0.2.1\",\"method\":\"POST\",\"route\":\"/erase/{subject}\","
                        + "\"reason\":\"privacy:erase\",\"request\":\"r1\"}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void anEntryIsOnDiskAMomentLaterWithoutClosing() throws Exception {
        try (Audit audit = Audit.open(folder, home.clock)) {
            audit.record(privileged("operator"));
            audit.record(refusal("expired"));
            await().untilAsserted(() -> assertThat(home.audit()).hasSize(2));
        }
    }

    @Test
    void eachDayHasItsFileByUtcAndOldLinesStay() throws Exception {
        home.clock.set(Instant.parse("2026-11-21T23:59:59.999Z"));
        try (Audit audit = Audit.open(folder, home.clock)) {
            audit.record(privileged("a"));
            home.clock.advance(Duration.ofMillis(1));
            audit.record(privileged("b"));
        }
        try (Audit audit = Audit.open(folder, home.clock)) {
            audit.record(privileged("c"));
        }
        assertThat(Files.readAllLines(folder.resolve("audit-2026-11-21.ndjson")))
                .hasSize(1);
        assertThat(Files.readAllLines(folder.resolve("audit-2026-11-22.ndjson")))
                .hasSize(2);
    }

    @Test
    void aFloodOfTheSameRefusalIsOneLineWithItsCount() throws Exception {
        try (Audit audit = Audit.open(folder, home.clock)) {
            for (int i = 0; i < 100_000; i++) {
                audit.record(refusal("expired"));
            }
            audit.record(refusal("malformed"));
        }
        List<Map<String, Object>> lines = home.audit();
        // One for each second that the loop took.
        assertThat(lines).hasSizeLessThan(20);
        assertThat(lines.stream()
                        .filter(line -> "expired".equals(line.get("reason")))
                        .mapToLong(line -> (Long) line.getOrDefault("count", 1L))
                        .sum())
                .isEqualTo(100_000);
        assertThat(lines)
                .filteredOn(line -> "malformed".equals(line.get("reason")))
                .hasSize(1);
    }

    @Test
    void aFloodOfDifferentRefusalsIsBoundedAndNoneGoesUncounted() throws Exception {
        long began = System.nanoTime();
        try (Audit audit = Audit.open(folder, home.clock)) {
            for (int i = 0; i < 50_000; i++) {
                audit.record(Audit.Entry.of(Audit.Kind.REFUSAL)
                        .in(new Call(null, "198.51.100." + i, "POST", "/liveEvent", "r" + i))
                        .reason("missing"));
            }
        }
        long seconds = 1 + (System.nanoTime() - began) / 1_000_000_000;
        List<Map<String, Object>> lines = home.audit();
        assertThat((long) lines.size()).isLessThanOrEqualTo((Audit.MOST_REFUSALS + 1) * (seconds + 1));
        assertThat(lines.stream()
                        .mapToLong(line -> (Long) line.getOrDefault("count", 1L))
                        .sum())
                .isEqualTo(50_000);
        assertThat(lines).anySatisfy(line -> assertThat(line).containsEntry("reason", "various"));
    }

    @Test
    void refusalsOfDifferentCallersAreToldApart() throws Exception {
        try (Audit audit = Audit.open(folder, home.clock)) {
            audit.record(refusal("expired"));
            audit.record(refusal("expired").client("producer"));
            audit.record(refusal("wrong_audience"));
            audit.record(Audit.Entry.of(Audit.Kind.REFUSAL)
                    .in(new Call(null, "192.0.2.2", "POST", "/erase/{subject}", "r2"))
                    .reason("expired"));
        }
        assertThat(home.audit()).hasSize(4).noneMatch(line -> line.containsKey("count"));
    }

    @Test
    void whatCanNotBeWrittenIsWrittenLater() throws Exception {
        try (Audit audit = Audit.open(folder, home.clock)) {
            // A folder where the file should be: not even root can write to that.
            Path inTheWay = folder.resolve("audit-2026-11-21.ndjson");
            Files.createDirectory(inTheWay);
            audit.record(privileged("a"));
            await().untilAsserted(() -> assertThat(audit.problem().orElse(""))
                    .startsWith("The audit log in " + folder + " could not be written: "));
            audit.record(privileged("b"));
            Files.delete(inTheWay);
            await().until(() -> audit.problem().isEmpty());
        }
        assertThat(home.audit()).extracting(line -> line.get("client")).containsExactly("a", "b");
    }

    @Test
    void whatIsLostBecauseNothingCanBeWrittenForLongIsCounted() throws Exception {
        try (Audit audit = Audit.open(folder, home.clock)) {
            Path inTheWay = folder.resolve("audit-2026-11-21.ndjson");
            Files.createDirectory(inTheWay);
            audit.record(privileged("first"));
            await().until(() -> audit.problem().isPresent());
            for (int i = 0; i < Audit.MOST_WAITING + 3; i++) {
                audit.record(privileged("c" + i));
            }
            Files.delete(inTheWay);
            await().until(() -> audit.problem().isEmpty());
        }
        List<Map<String, Object>> lines = home.audit();
        assertThat(lines).hasSize(1 + Audit.MOST_WAITING + 1);
        assertThat(lines)
                .filteredOn(line -> "lost".equals(line.get("kind")))
                .singleElement()
                .satisfies(line -> assertThat(line).containsEntry("count", 3L));
    }

    @Test
    void whatStrangersSendCanNeitherBreakTheLinesNorFillThem() throws Exception {
        try (Audit audit = Audit.open(folder, home.clock)) {
            audit.record(Audit.Entry.of(Audit.Kind.PRIVILEGED_CALL)
                    .in(new Call(null, "a\n{\"kind\":\"forged\"}", "GET", "/users?name=Jane", "r".repeat(100_000))));
        }
        assertThat(home.audit()).singleElement().satisfies(line -> {
            assertThat(line).containsEntry("route", "/users");
            assertThat(String.valueOf(line.get("request"))).hasSizeLessThan(300);
        });
    }

    @Test
    void manyWritersOnOneFolderDoNotTearEachOthersLines() throws Exception {
        try (Audit one = Audit.open(folder, home.clock);
                Audit two = Audit.open(folder, home.clock)) {
            Thread other = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 5000; i++) {
                    two.record(privileged("two"));
                }
            });
            for (int i = 0; i < 5000; i++) {
                one.record(privileged("one"));
            }
            other.join();
        }
        assertThat(home.audit()).hasSize(10_000);
    }

    @Test
    void afterItsEndNothingIsTakenInSilence() throws AuthException, IOException {
        Audit audit = Audit.open(folder, home.clock);
        audit.close();
        audit.close();
        assertThatThrownBy(() -> audit.record(refusal("expired"))).isInstanceOf(IllegalStateException.class);
    }
}
