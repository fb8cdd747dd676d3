package io.millrace.server.read;

import static io.millrace.server.read.AskedFor.ask;
import static io.millrace.server.read.AskedFor.body;
import static io.millrace.server.read.AskedFor.list;
import static io.millrace.server.read.AskedFor.object;
import static io.millrace.server.read.AskedFor.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.log.Lines;
import io.millrace.log.Log;
import io.millrace.log.LogOptions;
import io.millrace.log.StreamWriter;
import io.millrace.server.http.Answer;
import io.millrace.server.http.ProblemException;
import io.millrace.server.http.Route;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamEventsTest {

    @TempDir
    Path folder;

    private final AtomicLong seconds = new AtomicLong();
    private Log log;
    private StreamWriter stream;

    @BeforeEach
    void open() throws Exception {
        log = Log.openForWriting(
                folder, LogOptions.DEFAULTS, () -> Instant.ofEpochSecond(seconds.incrementAndGet()), event -> {});
        stream = log.writer("events", 3);
    }

    @AfterEach
    void close() throws Exception {
        log.close();
    }

    private void append(int partition, String... records) throws Exception {
        byte[] lines = (String.join("\n", records) + "\n").getBytes(StandardCharsets.UTF_8);
        stream.append(partition, "c", null, Lines.of(lines, records.length));
    }

    private Route route() {
        return new StreamEvents("/userEvents/{user_id}", log, "events", List.of("userId")).route();
    }

    @Test
    void theEventsOfOneAreFoundAsTheyWereSentTheNewestLast() throws Exception {
        append(2, "{\"userId\":\"u1\",\"n\":1}", "{\"userId\":\"u2\",\"n\":2}");
        append(0, "{\"n\":3, \"userId\" : \"\\u00751\"}", "no json", "");
        append(1, "{\"userId\":17}", "{\"userId\":null}", "{\"other\":{\"userId\":\"u1\"}}");
        append(2, "{\"userId\":\"u1\",\"n\":4}");
        assertThat(body(ask(route(), "/userEvents/u1")))
                .isEqualTo("{\"events\":[{\"userId\":\"u1\",\"n\":1},{\"n\":3, \"userId\" : \"\\u00751\"},"
                        + "{\"userId\":\"u1\",\"n\":4}],\"next\":null}");
        assertThat(body(ask(route(), "/userEvents/17"))).isEqualTo("{\"events\":[{\"userId\":17}],\"next\":null}");
        assertThat(body(ask(route(), "/userEvents/null"))).isEqualTo("{\"events\":[],\"next\":null}");
    }

    @Test
    void pagesLeadToTheEnd() throws Exception {
        for (int i = 0; i < 50; i++) {
            append(i % 3, "{\"userId\":\"u1\",\"n\":" + i + "}", "{\"userId\":\"u2\"}");
        }
        assertThat(all(route(), 7)).isEqualTo(numbers(50));
    }

    @Test
    void aScanThatTakesTooLongAnswersWhatItFoundAndGoesOnFromThere() throws Exception {
        for (int i = 0; i < 20; i++) {
            append(i % 3, "{\"userId\":\"u1\",\"n\":" + i + "}");
        }
        Route hasty = new StreamEvents("/e/{u}", log, "events", List.of("userId"), Duration.ofNanos(1)).route();
        // So short that there is no time for a line: the cursor must still be one that can be used.
        Map<String, Object> page = object(ask(hasty, "/e/u1"));
        assertThat(page.get("events")).isEqualTo(List.of());
        Route patient = new StreamEvents("/e/{u}", log, "events", List.of("userId")).route();
        assertThat((List<?>)
                        object(ask(patient, "/e/u1?after=" + page.get("next"))).get("events"))
                .hasSize(20);
    }

    @Test
    void cursorsThatAreNotOursAreRefused() throws Exception {
        append(0, "{\"userId\":\"u1\"}", "{\"userId\":\"u1\"}");
        String id = log.id().toString();
        for (List<String> wrong : List.of(
                List.of("other", "0-0@0"),
                List.of(id, "0-0@3"),
                List.of(id, "0-0@999999"),
                List.of(id, "../../etc"),
                List.of(id, "0-0@-1"))) {
            assertThat(refused(route(), "/userEvents/u1?after=" + Paging.encode(wrong)))
                    .as(wrong.toString())
                    .isEqualTo(400);
        }
        assertThat(refused(route(), "/userEvents/u1?from=1")).isEqualTo(400);
        assertThat(refused(route(), "/userEvents/u1?limit=1000000")).isEqualTo(400);
    }

    @Test
    void aStreamThatIsEmptyHasNoEvents() throws Exception {
        assertThat(body(ask(route(), "/userEvents/u1"))).isEqualTo("{\"events\":[],\"next\":null}");
    }

    private static List<Object> all(Route route, int limit) throws Exception {
        List<Object> seen = new ArrayList<>();
        @Nullable Object next = null;
        do {
            Map<String, Object> page =
                    object(ask(route, "/userEvents/u1?limit=" + limit + (next == null ? "" : "&after=" + next)));
            for (Object event : list(page, "events")) {
                seen.add(((Map<?, ?>) event).get("n"));
            }
            next = page.get("next");
        } while (next != null);
        return seen;
    }

    private static List<Object> numbers(int to) {
        List<Object> numbers = new ArrayList<>();
        for (int i = 0; i < to; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    /** Parameters of a path that come when they are let: whoever asks for them is looking through the log. */
    private static final class Awaited extends HashMap<String, String> {
        private static final long serialVersionUID = 1L;
        private final transient CountDownLatch asked = new CountDownLatch(1);
        private final transient CountDownLatch let = new CountDownLatch(1);

        @Override
        public String get(Object name) {
            asked.countDown();
            try {
                let.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return "u1";
        }
    }

    @Test
    void whoComesWhenOthersLookThroughTheLogIsAskedToComeAgain() throws Exception {
        append(0, "{\"userId\":\"u1\"}");
        Route route = new StreamEvents("/e/{u}", log, "events", List.of("userId"), Duration.ofMillis(100)).route();
        List<Awaited> scans = List.of(new Awaited(), new Awaited());
        List<Future<Answer>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Awaited scan : scans) {
                answers.add(threads.submit(() -> route.handler().handle(new AskedFor("/e/u1", scan, Map.of(), null))));
                scan.asked.await();
            }
            assertThatThrownBy(() -> ask(route, "/e/u1")).isInstanceOfSatisfying(ProblemException.class, e -> {
                assertThat(e.problem().status()).isEqualTo(503);
                assertThat(e.problem().type()).isEqualTo("too-many-scans");
                assertThat(e.problem().headers()).containsEntry("Retry-After", "1");
            });
            scans.getFirst().let.countDown();
            assertThat(body(answers.getFirst().get())).contains("u1");
            assertThat(body(ask(route, "/e/u1"))).contains("u1");
            scans.getLast().let.countDown();
            assertThat(body(answers.getLast().get())).contains("u1");
        }
    }
}
