package io.millrace.cli.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The small parts: pace, back-off, keys, discretion, ranges. */
class SendPartsTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @Test
    void aPaceIsEvenAndMakesGoodForAMomentOnly() {
        AtomicLong now = new AtomicLong();
        Pace pace = new Pace(100, now::get);

        assertThat(pace.take(10)).isZero();
        assertThat(pace.take(10)).isEqualTo(Duration.ofMillis(100));
        assertThat(pace.take(10)).isEqualTo(Duration.ofMillis(200));
        // After a minute's silence a tenth of a second is made good for, no more.
        now.set(Duration.ofSeconds(60).toNanos());
        assertThat(pace.take(10)).isZero();
        assertThat(pace.take(10)).isZero();
        assertThat(pace.take(1)).isEqualTo(Duration.ofMillis(100));
        assertThat(pace.take(1)).isEqualTo(Duration.ofMillis(110));
    }

    @Test
    void noPaceIsNoWait() {
        Pace pace = new Pace(0, () -> 0);

        assertThat(pace.take(1_000_000)).isZero();
        assertThat(pace.take(1_000_000)).isZero();
    }

    @Property
    void aWaitDoublesWithinItsBounds(@ForAll @IntRange(min = 1, max = 200) int failures, @ForAll long seed) {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(20));
        double whole = Math.min(20_000, 100 * Math.pow(2, failures - 1));

        assertThat(backoff.wait(failures, new Random(seed)).toNanos() / 1e6)
                .isBetween(whole / 2 - 0.001, whole + 0.001);
    }

    @Test
    void retryAfterIsSecondsOrADate() {
        assertThat(retryAfter("7")).contains(Duration.ofSeconds(7));
        assertThat(retryAfter(" 0 ")).contains(Duration.ZERO);
        assertThat(retryAfter("Sat, 21 Nov 2026 10:00:30 GMT")).contains(Duration.ofSeconds(30));
        assertThat(retryAfter("Sat, 21 Nov 2026 09:00:30 GMT")).contains(Duration.ZERO);
        assertThat(retryAfter("Fri, 31 Dec 9999 23:59:59 GMT")).contains(Duration.ofDays(365));
        assertThat(retryAfter("-1")).isEmpty();
        assertThat(retryAfter("soon")).isEmpty();
        assertThat(RetryAfter.in(HttpHeaders.of(Map.of(), (name, value) -> true), NOW))
                .isEmpty();
    }

    private static Optional<Duration> retryAfter(String value) {
        return RetryAfter.in(HttpHeaders.of(Map.of("Retry-After", List.of(value)), (name, it) -> true), NOW);
    }

    @Test
    void aKeyIsTheSameForTheSameAndAnotherForAnother() {
        IdempotencyKeys keys = new IdempotencyKeys(URI.create("http://a:1/events"));
        String key = keys.of(batch("file", "a\nb\n", 10));

        assertThat(key).matches("[0-9a-f]{32}").isEqualTo(keys.of(batch("file", "a\nb\n", 10)));
        assertThat(new IdempotencyKeys(URI.create("https://b/events")).of(batch("file", "a\nb\n", 10)))
                .as("another host may be another name for the same one")
                .isEqualTo(key);
        assertThat(List.of(
                        keys.of(batch("other", "a\nb\n", 10)),
                        keys.of(batch("file", "a\nc\n", 10)),
                        keys.of(batch("file", "a\nb\n", 11)),
                        new IdempotencyKeys(URI.create("http://a:1/orders")).of(batch("file", "a\nb\n", 10))))
                .doesNotHaveDuplicates()
                .doesNotContain(key);
    }

    @Test
    void halvesAreTheWholeWithKeysOfTheirOwn() {
        Batch whole = batch("file", "aa\nb\ncc\n", 5);
        Batch first = whole.firstHalf();
        Batch second = whole.secondHalf();

        assertThat(new String(first.bytes(), StandardCharsets.UTF_8)).isEqualTo("aa\n");
        assertThat(new String(second.bytes(), StandardCharsets.UTF_8)).isEqualTo("b\ncc\n");
        assertThat(second.ends()).containsExactly(2, 5);
        assertThat(second.lines()).containsExactly(2, 3);
        assertThat(first.positions()).containsExactly(5, 8);
        assertThat(second.positions()).containsExactly(8, 10, 13);
        IdempotencyKeys keys = new IdempotencyKeys(URI.create("http://a/"));
        assertThat(List.of(keys.of(whole), keys.of(first), keys.of(second))).doesNotHaveDuplicates();
    }

    /** Records from line 1 on, which begin at a position. */
    private static Batch batch(String identity, String text, long position) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int n = (int) text.lines().count();
        int[] ends = new int[n];
        long[] lines = new long[n];
        long[] positions = new long[n + 1];
        positions[0] = position;
        for (int i = 0, end = 0; i < n; i++) {
            end = text.indexOf('\n', end) + 1;
            ends[i] = end;
            lines[i] = i + 1L;
            positions[i + 1] = position + end;
        }
        return new Batch(new Origin("x", identity, Path.of("x"), true), bytes, ends, lines, positions);
    }

    @Test
    void whatIsInARecordIsNotSaid() {
        assertThat(hide("'Jörg' is no number, line 3", "{\"name\":\"J\\u00f6rg\",\"n\":3}"))
                .isEqualTo("'…' is no number, line …");
        assertThat(hide("MILLER\u001b[2J\n not found", "{\"name\":\"miller\"}")).isEqualTo("… [2J not found");
        assertThat(hide("tab\there", "{\"a\":\"x\\there\"}")).isEqualTo("tab …");
        assertThat(hide("fine", "{}")).isEqualTo("fine");
    }

    @Test
    void aLongMessageIsCutAfterItIsCleaned() {
        String secret = "s".repeat(300);

        assertThat(hide("about " + secret + " it is", "{\"a\":\"" + secret + "\"}"))
                .isEqualTo("about … it is");
        assertThat(hide("word ".repeat(100), "{}")).hasSizeLessThan(205).endsWith("…");
    }

    private static String hide(String text, String record) {
        byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
        return Discretion.hide(text, bytes, 0, bytes.length);
    }

    @Test
    void linesAreShownAsRanges() {
        LineRanges ranges = new LineRanges();
        ranges.add(5);
        assertThat(ranges.text()).isEqualTo("line 5");
        for (long line : new long[] {7, 6, 1, 5, 2, 4, 20}) {
            ranges.add(line);
        }
        assertThat(ranges.text()).isEqualTo("lines 1-2, 4-7, 20");
        for (long line = 1000; line > 500; line -= 2) {
            ranges.add(line);
        }
        assertThat(ranges.text()).isEqualTo("lines 1-2, 4-7, 20, 502, 504, 506, 508, 510 and others");
    }
}
