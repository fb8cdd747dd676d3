package io.millrace.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.generate.RevenueEvents.Layout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RevenueEventsTest {

    private static final Pattern EVENT = Pattern.compile(
            "\\{\"userId\":\"user([1-9][0-9]*)\",\"name\":\"(?:add|subtract)_revenue\",\"value\":(0|[1-9][0-9]?)}");

    @Test
    void bytesOfASeedNeverChange() throws NoSuchAlgorithmException {
        byte[] bytes = bytes(200_000, 1_000, 7, Layout.NDJSON);

        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
                .isEqualTo("c1d649c540b36f1d36d7a518d3671384acc0c52cad950928791c9bf58f2b5f66");
    }

    @Test
    void anotherSeedGivesOtherEvents() {
        assertThat(bytes(100, 10, 1, Layout.NDJSON)).isNotEqualTo(bytes(100, 10, 2, Layout.NDJSON));
    }

    @Test
    void fewerEventsAreTheBeginningOfMore() {
        String more = text(5_000, 10, 3, Layout.NDJSON);

        assertThat(more).startsWith(text(1_234, 10, 3, Layout.NDJSON));
    }

    @Test
    void csvHoldsTheSameEventsUnderAHeader() {
        List<String> json = text(300, 10, 5, Layout.NDJSON).lines().toList();
        List<String> csv = text(300, 10, 5, Layout.CSV).lines().toList();

        assertThat(csv.getFirst()).isEqualTo("userId,name,value");
        assertThat(csv.stream().skip(1).map(RevenueEventsTest::asJson).toList()).isEqualTo(json);
    }

    @Test
    void addsAreTwiceAsManyAsSubtracts() {
        long subtracts = text(30_000, 10, 11, Layout.NDJSON)
                .lines()
                .filter(line -> line.contains("subtract"))
                .count();

        assertThat(subtracts).isBetween(9_700L, 10_300L);
    }

    @Test
    void noEventsAreAnEmptyFile() {
        assertThat(bytes(0, 1, 1, Layout.NDJSON)).isEmpty();
    }

    @Test
    void impossibleCountsAreRefused() {
        assertThatThrownBy(() -> new RevenueEvents(-1, 1, 1, Layout.NDJSON))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RevenueEvents(1, 0, 1, Layout.NDJSON))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 200)
    void everyLineIsAnEventOfAKnownUser(
            @ForAll @IntRange(max = 300) int events, @ForAll @LongRange(min = 1) long users, @ForAll long seed) {
        List<String> lines = text(events, users, seed, Layout.NDJSON).lines().toList();

        assertThat(lines).hasSize(events).allSatisfy(line -> {
            Matcher event = EVENT.matcher(line);
            assertThat(event.matches()).as(line).isTrue();
            assertThat(Long.parseLong(event.group(1))).isBetween(1L, users);
        });
    }

    private static String asJson(String csv) {
        String[] fields = csv.split(",", -1);
        return "{\"userId\":\"" + fields[0] + "\",\"name\":\"" + fields[1] + "\",\"value\":" + fields[2] + "}";
    }

    private static String text(long events, long users, long seed, Layout layout) {
        return new String(bytes(events, users, seed, layout), StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(long events, long users, long seed, Layout layout) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new RevenueEvents(events, users, seed, layout).writeTo(out, done -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
