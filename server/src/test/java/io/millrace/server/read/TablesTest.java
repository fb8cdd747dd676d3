package io.millrace.server.read;

import static io.millrace.server.read.AskedFor.ask;
import static io.millrace.server.read.AskedFor.body;
import static io.millrace.server.read.AskedFor.encode;
import static io.millrace.server.read.AskedFor.list;
import static io.millrace.server.read.AskedFor.object;
import static io.millrace.server.read.AskedFor.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.postgres.PostgresDestination;
import io.millrace.server.http.Answer;
import io.millrace.server.http.ProblemException;
import io.millrace.server.http.Route;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the real PostgreSQL, embedded. */
class TablesTest {

    private static PostgresDestination destination;
    private static Tables tables;

    @BeforeAll
    static void open() throws Exception {
        Path home = Path.of("target/postgres-tests").toAbsolutePath();
        Files.createDirectories(home);
        destination = PostgresDestination.open(Map.of(), home);
        tables = Tables.open(destination, 4);
    }

    @AfterAll
    static void close() {
        tables.close();
        destination.close();
    }

    @BeforeEach
    void empty() throws Exception {
        execute("DROP SCHEMA IF EXISTS served CASCADE; CREATE SCHEMA served;"
                + " CREATE TABLE served.users (user_id text PRIMARY KEY, revenue bigint, secret text)");
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = destination.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Route users(String path) {
        return tables.route(new Serving(path, "served.users", List.of("user_id", "revenue"), List.of("user_id")));
    }

    @Test
    void aRowIsFoundByItsKeyAndHasOnlyTheColumnsDeclared() throws Exception {
        execute("INSERT INTO served.users VALUES ('u1', 9007199254740993, 'hidden'), ('u2', NULL, 'hidden')");
        Route route = users("/userRevenue/{user_id}");
        Answer answer = ask(route, "/userRevenue/u1");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(body(answer)).isEqualTo("{\"user_id\":\"u1\",\"revenue\":9007199254740993}");
        assertThat(answer.headers()).containsEntry("Cache-Control", "no-cache");
        assertThat(body(ask(route, "/userRevenue/u2"))).isEqualTo("{\"user_id\":\"u2\",\"revenue\":null}");
        assertThat(refused(route, "/userRevenue/u3")).isEqualTo(404);
        assertThat(refused(route, "/userRevenue/u1?limit=1")).isEqualTo(400);
    }

    @Test
    void theTagChangesWithTheRowAndSparesTheBody() throws Exception {
        execute("INSERT INTO served.users VALUES ('u1', 1, '')");
        Route route = users("/u/{user_id}");
        String tag = ask(route, "/u/u1").headers().get("ETag");
        assertThat(tag).matches("\"[A-Za-z0-9_-]{22}\"");
        Answer same = ask(route, "/u/u1", "\"other\", W/" + tag);
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(same.headers()).containsEntry("ETag", tag);
        execute("UPDATE served.users SET revenue = 2");
        assertThat(ask(route, "/u/u1", tag).status()).isEqualTo(200);
    }

    @Test
    void everyTypeIsRenderedWithoutLoss() throws Exception {
        execute("CREATE TABLE served.types (k int PRIMARY KEY, n numeric, d double precision, b boolean,"
                + " t timestamptz, l timestamp, day date, j jsonb, a bigint[], big numeric(38, 10), text text)");
        execute("INSERT INTO served.types VALUES (1, 0.1000000000000000000000001, 'NaN', true,"
                + " '2026-11-21T12:00:00.123456+02:00', '2026-11-21T12:00:00', '2026-11-21',"
                + " '{\"x\": [1, null]}', '{1,9223372036854775807}', 1234567890123456789012345678.0123456789,"
                + " E'quote \" backslash \\\\ newline \\n é')");
        Route route = tables.route(new Serving(
                "/t/{k}",
                "served.types",
                List.of("n", "d", "b", "t", "l", "day", "j", "a", "big", "text"),
                List.of("k")));
        assertThat(body(ask(route, "/t/1")))
                .isEqualTo("{\"n\":0.1000000000000000000000001,\"d\":\"NaN\",\"b\":true,"
                        + "\"t\":\"2026-11-21T10:00:00.123456+00:00\",\"l\":\"2026-11-21T12:00:00\","
                        + "\"day\":\"2026-11-21\",\"j\":{\"x\": [1, null]},\"a\":[1,9223372036854775807],"
                        + "\"big\":1234567890123456789012345678.0123456789,"
                        + "\"text\":\"quote \\\" backslash \\\\ newline \\n é\"}");
        assertThat(refused(route, "/t/nonumber")).isEqualTo(404);
        assertThat(refused(route, "/t/99999999999999999999")).isEqualTo(404);
        assertThat(refused(route, "/t/%00")).isEqualTo(404);
    }

    @Test
    void aListIsPagedToItsEnd() throws Exception {
        execute("INSERT INTO served.users SELECT 'u' || i, i, '' FROM generate_series(1, 250) i");
        Route route = users("/users");
        List<String> seen = new ArrayList<>();
        String target = "/users?limit=99";
        int pages = 0;
        while (target != null) {
            Map<String, Object> page = object(ask(route, target));
            for (Object row : list(page, "rows")) {
                seen.add((String) ((Map<?, ?>) row).get("user_id"));
            }
            Object next = page.get("next");
            target = next == null ? null : "/users?limit=99&after=" + next;
            pages++;
        }
        assertThat(pages).isEqualTo(3);
        assertThat(seen).hasSize(250).doesNotHaveDuplicates();
        assertThat(list(object(ask(route, "/users")), "rows")).hasSize(Paging.USUAL_LIMIT);
    }

    @Test
    void keysOfSeveralColumnsAndTablesWithoutKeyArePagedToo() throws Exception {
        execute("CREATE TABLE served.two (day date, hour int, n int, PRIMARY KEY (day, hour))");
        execute("INSERT INTO served.two SELECT '2026-11-20'::date + i / 5, i % 5, i FROM generate_series(0, 16) i");
        for (List<String> key : List.of(List.of("day", "hour"), List.<String>of())) {
            Route route = tables.route(new Serving("/two", "served.two", List.of("n"), key));
            List<Object> seen = new ArrayList<>();
            Map<String, Object> page = object(ask(route, "/two?limit=4"));
            while (page.get("next") != null) {
                seen.addAll(list(page, "rows"));
                page = object(ask(route, "/two?limit=4&after=" + page.get("next")));
            }
            seen.addAll(list(page, "rows"));
            assertThat(seen).hasSize(17).doesNotHaveDuplicates();
        }
        Route ofADay =
                tables.route(new Serving("/two/{day}", "served.two", List.of("hour", "n"), List.of("day", "hour")));
        assertThat(list(object(ask(ofADay, "/two/2026-11-21")), "rows")).hasSize(5);
    }

    @Test
    void filtersAreForColumnsDeclaredOnly() throws Exception {
        execute("INSERT INTO served.users VALUES ('u1', 1, 'x'), ('u2', 1, 'x'), ('u3', 2, 'x')");
        Route route = users("/users");
        assertThat(list(object(ask(route, "/users?revenue=1")), "rows")).hasSize(2);
        assertThat(list(object(ask(route, "/users?revenue=1&user_id=u2")), "rows"))
                .hasSize(1);
        assertThat(list(object(ask(route, "/users?user_id=nobody")), "rows")).isEmpty();
        assertThatThrownBy(() -> ask(route, "/users?revenu=1"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().detail()).contains("Did you mean revenue?"));
        for (String wrong : List.of(
                "secret=x",
                "revenue=abc",
                "revenue=1&revenue=2",
                "limit=0",
                "limit=1001",
                "limit=x",
                "after=x",
                "after=" + Paging.encode(List.of("a", "b")),
                "ctid=(0,1)")) {
            assertThat(refused(route, "/users?" + wrong)).as(wrong).isEqualTo(400);
        }
    }

    @Test
    void nothingThatIsSentBecomesSql() throws Exception {
        execute("INSERT INTO served.users VALUES ('u1', 1, 'x')");
        Route one = users("/u/{user_id}");
        Route list = users("/users");
        for (String attempt : List.of(
                "' OR '1'='1",
                "u1'; DROP TABLE served.users; --",
                "\" OR true --",
                "$1",
                "?",
                "\\'; SELECT pg_sleep(10); --",
                "u1' UNION SELECT secret FROM served.users --")) {
            assertThat(refused(one, "/u/" + encode(attempt))).as(attempt).isEqualTo(404);
            assertThat(list(object(ask(list, "/users?user_id=" + encode(attempt))), "rows"))
                    .as(attempt)
                    .isEmpty();
            assertThat(refused(list, "/users?" + encode(attempt) + "=1"))
                    .as(attempt)
                    .isEqualTo(400);
            assertThat(list(object(ask(list, "/users?after=" + Paging.encode(List.of("zz" + attempt)))), "rows"))
                    .as(attempt)
                    .isEmpty();
        }
        assertThat(ask(one, "/u/u1").status()).isEqualTo(200);
    }

    @Test
    void aNameFromThePipelineFileIsQuoted() throws Exception {
        execute("CREATE TABLE served.\"odd \"\"name\" (\"select\" text PRIMARY KEY, \"a\"\"b\" int)");
        execute("INSERT INTO served.\"odd \"\"name\" VALUES ('x', 1)");
        Route route =
                tables.route(new Serving("/odd/{select}", "served.odd \"name", List.of("a\"b"), List.of("select")));
        assertThat(body(ask(route, "/odd/x"))).isEqualTo("{\"a\\\"b\":1}");
    }

    @Test
    void aTableThatIsNotMadeYetHasNoRows() throws Exception {
        assertThat(refused(tables.route(new Serving("/n/{a}", "served.none", List.of("a"), List.of("a"))), "/n/1"))
                .isEqualTo(404);
        assertThat(body(ask(tables.route(new Serving("/n", "served.none", List.of("a"), List.of("a"))), "/n")))
                .isEqualTo("{\"rows\":[],\"next\":null}");
    }

    @Test
    void aDatabaseThatIsAwayIsSaidToBe() throws Exception {
        try (PostgresDestination away = PostgresDestination.open(
                        Map.of(PostgresDestination.URL_VARIABLE, "postgresql://x:y@127.0.0.1:1/none"), Path.of("."));
                Tables none = Tables.open(away, 1)) {
            Route route = none.route(new Serving("/n/{a}", "none", List.of("a"), List.of("a")));
            assertThat(refused(route, "/n/1")).isEqualTo(503);
        }
    }

    @Test
    void aQueryThatTakesTooLongIsGivenUpAndTheNextOneIsAnswered() throws Exception {
        execute("INSERT INTO served.users VALUES ('u1', 1, '')");
        try (Tables hasty = Tables.open(destination, 1, Duration.ofMillis(200));
                Connection other = destination.connect();
                Statement statement = other.createStatement()) {
            Serving one = new Serving("/u/{user_id}", "served.users", List.of("revenue"), List.of("user_id"));
            Serving all = new Serving("/u", "served.users", List.of("revenue"), List.of("user_id"));
            assertThat(body(ask(hasty.route(one), "/u/u1"))).isEqualTo("{\"revenue\":1}");
            assertThat(ask(hasty.route(all), "/u").status()).isEqualTo(200);
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE served.users IN ACCESS EXCLUSIVE MODE");
            for (var asked : Map.of(one, "/u/u1", all, "/u").entrySet()) {
                assertThatThrownBy(() -> ask(hasty.route(asked.getKey()), asked.getValue()))
                        .isInstanceOfSatisfying(ProblemException.class, e -> {
                            assertThat(e.problem().status()).isEqualTo(503);
                            assertThat(e.problem().type()).isEqualTo("query-too-slow");
                            assertThat(e.problem().headers()).containsEntry("Retry-After", "5");
                        });
            }
            other.rollback();
            assertThat(body(ask(hasty.route(one), "/u/u1"))).isEqualTo("{\"revenue\":1}");
        }
    }
}
