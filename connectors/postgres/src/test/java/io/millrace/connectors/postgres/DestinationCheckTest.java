package io.millrace.connectors.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Sink;
import io.millrace.api.SinkConnector;
import io.millrace.api.SourceConnector.Problem;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code millrace check} finds at a PostgreSQL. */
final class DestinationCheckTest {

    private static final TableShape TOTALS = new TableShape(
            List.of(new Col("user", Type.VARCHAR, false, Merge.KEY), new Col("n", Type.BIGINT, false, Merge.ADD)),
            List.of(),
            Mode.MERGE,
            null);

    private static final TableShape LIST =
            new TableShape(List.of(new Col("n", Type.BIGINT, true, Merge.VALUE)), List.of(), Mode.APPEND, null);

    private final TestServer.Database database = TestServer.Database.create();
    private final String role = database.name() + "_role";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @AfterEach
    void drop() {
        database.drop();
        TestServer.Database any = TestServer.Database.create();
        any.execute("DROP ROLE IF EXISTS " + role);
        any.drop();
    }

    @Test
    void nothingIsWrongWithADatabaseInWhichAllCanBeMadeAndNothingIsMade() {
        List<String> before = catalog();

        assertThat(check(database.url(), "new schema.new", TOTALS)).isEmpty();

        assertThat(catalog()).isEqualTo(before);
    }

    @Test
    void nothingIsWrongWithWhatARunHasMade() throws Exception {
        Pipeline.into(database, "totals", TOTALS).close();
        List<String> before = catalog();

        assertThat(check(database.url(), "totals", TOTALS)).isEmpty();

        assertThat(catalog()).isEqualTo(before);
    }

    @Test
    void aTableThatDoesNotFitIsToldWithEveryDifference() throws Exception {
        Pipeline.into(database, "other", LIST).close();
        database.execute("CREATE TABLE misfit (\"user\" varchar(10), extra int NOT NULL)");
        List<String> before = catalog();

        assertThat(check(database.url(), "misfit", TOTALS)).singleElement().satisfies(problem -> {
            assertThat(problem.key()).isEqualTo("table");
            assertThat(problem.message())
                    .contains("The table public.misfit exists and does not fit the pipeline:")
                    .contains("column user is character varying(10), and the pipeline writes text")
                    .contains("column n (bigint) is missing")
                    .contains("column extra takes no null")
                    .contains("no primary key")
                    .contains("ALTER TABLE \"public\".\"misfit\" ADD COLUMN \"n\" bigint;");
        });
        assertThat(catalog()).isEqualTo(before);
    }

    @Test
    void aRoleWithoutRightsIsToldAllThatItLacksAndHowToGiveIt() throws Exception {
        database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'secret'");
        database.execute("REVOKE ALL ON DATABASE " + database.name() + " FROM PUBLIC; GRANT CONNECT ON DATABASE "
                + database.name() + " TO " + role);
        String to = " TO \"" + role + "\";";

        assertThat(check(as(role), "public.t", TOTALS))
                .extracting(Problem::message)
                .satisfiesExactly(
                        books -> assertThat(books)
                                .startsWith("User \"" + role + "\" may not create the schema millrace")
                                .contains("GRANT CREATE ON DATABASE \"" + database.name() + "\"" + to)
                                .contains("CREATE SCHEMA millrace AUTHORIZATION \"" + role + "\";"),
                        temporary -> assertThat(temporary)
                                .contains("GRANT TEMPORARY ON DATABASE \"" + database.name() + "\"" + to),
                        table -> assertThat(table)
                                .contains("may not create the table public.t")
                                .contains("GRANT CREATE ON SCHEMA \"public\"" + to));
        assertThat(check(as(role), "not there.t", LIST))
                .extracting(Problem::message)
                .last()
                .asString()
                .contains("There is no schema not there, and User \"" + role + "\" may not create it");

        Pipeline.into(database, "made.t", TOTALS).close();
        List<String> before = catalog();
        assertThat(check(as(role), "made.t", TOTALS))
                .extracting(Problem::message)
                .satisfiesExactly(
                        books -> assertThat(books)
                                .contains("may not use the schema millrace")
                                .contains("GRANT USAGE ON SCHEMA millrace" + to)
                                .contains("ON ALL TABLES IN SCHEMA millrace" + to),
                        temporary -> assertThat(temporary).contains("GRANT TEMPORARY"),
                        schema -> assertThat(schema).contains("GRANT USAGE ON SCHEMA \"made\"" + to),
                        table -> assertThat(table).contains("GRANT SELECT, INSERT, UPDATE ON \"made\".\"t\"" + to));
        assertThat(catalog()).isEqualTo(before);
    }

    @Test
    void aRoleThatHasBeenGivenWhatTheCheckAsksForCanLoad() throws Exception {
        Pipeline.into(database, "made.t", TOTALS).close();
        database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'secret'");
        database.execute("GRANT USAGE ON SCHEMA millrace TO " + role
                + "; GRANT SELECT ON millrace.flyway_schema_history TO " + role);
        assertThat(check(as(role), "made.t", TOTALS).getFirst().message())
                .contains("may not use commit_number")
                .contains("lease, ledger, pipeline, progress, quarantine")
                .contains(" in the schema millrace");

        for (int round = 0; round < 2; round++) {
            for (Problem problem : check(as(role), "made.t", TOTALS)) {
                problem.message()
                        .lines()
                        .filter(line -> line.startsWith("  GRANT"))
                        .forEach(database::execute);
            }
        }

        assertThat(check(as(role), "made.t", TOTALS)).isEmpty();
        try (Pipeline pipeline = Pipeline.into(as(role), "made.t", TOTALS)) {
            pipeline.commit(Rows.batch(TOTALS, Rows.row("u", 1)));
            // The partitions for keys are made by their owner.
            pipeline.sink().remembered(Duration.ofDays(7), new Sink.KeyBlocks() {
                @Override
                public void begin(byte[] secret, long bytes) {
                    assertThat(secret).hasSize(SECRET_BYTES);
                }

                @Override
                public void block(long number, byte[] b, int from, int length) {}
            });
        }
        assertThat(database.rows("SELECT * FROM made.t")).containsExactly("u|1");
        assertThat(database.rows("SELECT count(*) FROM pg_inherits WHERE inhparent = 'millrace.remembered'::regclass"))
                .containsExactly("3");
        assertThat(check(as(role), "made.t", TOTALS)).isEmpty();
    }

    @Test
    void whoseTableIsNotTheirOwnIsToldThatColumnsCanNotBeAdded() {
        database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'secret'; GRANT CREATE ON DATABASE " + database.name()
                + " TO " + role + "; CREATE TABLE others (n bigint); GRANT ALL ON others TO " + role);

        assertThat(check(as(role), "others", LIST)).isEmpty();
        assertThat(check(as(role), "others", LIST, true)).singleElement().satisfies(problem -> {
            assertThat(problem.key()).isEqualTo("table");
            assertThat(problem.message())
                    .contains("does not own the table public.others")
                    .endsWith("ALTER TABLE \"public\".\"others\" OWNER TO \"" + role + "\";");
        });

        database.execute("ALTER TABLE others OWNER TO " + role);
        assertThat(check(as(role), "others", LIST, true)).isEmpty();
        assertThat(check(as(role), "not_there_yet", LIST, true)).hasSize(1);
    }

    @Test
    void aWrongPasswordAndAServerThatIsAwayAreToldAtTheUrl() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(check(database.url().replaceFirst(":[0-9a-f]+@", ":secret@"), "t", LIST))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.key()).isEqualTo("url");
                    assertThat(problem.message())
                            .contains("refuses the password of user \"millrace\"")
                            .doesNotContain("secret");
                });
        assertThat(check("postgresql://u:secret@127.0.0.1:" + port + "/d", "t", LIST))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .contains("is not available")
                        .doesNotContain("secret"));
    }

    @Test
    void aShapeThatNoTableCanHaveIsToldEvenWhereTheServerIsAway() {
        TableShape twice = new TableShape(
                List.of(new Col("n", Type.BIGINT, true, Merge.VALUE), new Col("n", Type.BIGINT, true, Merge.VALUE)),
                List.of(),
                Mode.APPEND,
                null);
        assertThat(check(database.url() + "_not_there", "t", twice))
                .extracting(Problem::key)
                .containsExactly("table", "url");
    }

    @Test
    void aServerThatIsTooOldOrHasAnotherEncodingIsTold() {
        assertThat(ServerFit.problems(14, "LATIN1", "h:5432/d"))
                .containsExactly(
                        "The PostgreSQL at h:5432/d is of version 14. Millrace needs version 15 or newer.",
                        "The database at h:5432/d has the encoding LATIN1. Millrace needs one with UTF8, which holds"
                                + " every text.");
        assertThat(ServerFit.problems(15, "UTF8", "h:5432/d")).isEmpty();
    }

    @Test
    void booksOfANewerMillraceAreTold() throws Exception {
        Pipeline.into(database, "t", LIST).close();
        database.execute("UPDATE millrace.flyway_schema_history SET version = '999'");

        assertThat(check(database.url(), "t", LIST))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("made by a newer Millrace"));
    }

    @Test
    void anEmbeddedServerThatIsNotMadeYetIsNotMade() throws Exception {
        Path home = folder.resolve("home");
        assertThat(check(null, home)).isEmpty();
        assertThat(home).doesNotExist();

        Path file = Files.writeString(folder.resolve("file"), "no folder");
        assertThat(check(null, file.resolve("home")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains(file + " is no folder"));
    }

    private static List<Problem> check(@Nullable String url, Path home) throws InterruptedException {
        return new PostgresConnector()
                .check(
                        new PostgresConfig("t", List.of(), null, java.util.Set.of(), url),
                        LIST,
                        false,
                        new SinkConnector.Context("p", home, Map.of()),
                        change -> {});
    }

    private List<Problem> check(String url, String table, TableShape shape) {
        return check(url, table, shape, false);
    }

    private List<Problem> check(String url, String table, TableShape shape, boolean evolving) {
        try {
            return new PostgresConnector()
                    .check(
                            new PostgresConfig(table, List.of(), null, java.util.Set.of(), url),
                            shape,
                            evolving,
                            new SinkConnector.Context("p", folder, Map.of()),
                            change -> {});
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String as(String user) {
        return database.url().replaceFirst("//[^@]*@", "//" + user + ":secret@");
    }

    /** All that there is, and what it is like. */
    private List<String> catalog() {
        return database.rows("""
                SELECT 'schema', nspname, nspacl::text, '' FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'
                UNION ALL SELECT 'relation', oid::regclass::text, relkind::text || relacl::text, relfilenode::text
                FROM pg_class WHERE relnamespace <> 'pg_catalog'::regnamespace
                UNION ALL SELECT 'column', attrelid::regclass::text, attname, atttypid::regtype::text
                FROM pg_attribute WHERE attnum > 0
                UNION ALL SELECT 'function', oid::regprocedure::text, '', '' FROM pg_proc
                ORDER BY 1, 2, 3, 4
                """);
    }
}
