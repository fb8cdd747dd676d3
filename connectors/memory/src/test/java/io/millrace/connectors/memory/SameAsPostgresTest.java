package io.millrace.connectors.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Batch;
import io.millrace.api.Commit;
import io.millrace.api.Commit.Counts;
import io.millrace.api.Commit.Move;
import io.millrace.api.Offset;
import io.millrace.api.RowsRefusedException;
import io.millrace.api.Sink;
import io.millrace.api.SinkConnector;
import io.millrace.api.SinkException;
import io.millrace.api.TableShape;
import io.millrace.api.TableShape.Average;
import io.millrace.api.TableShape.Col;
import io.millrace.api.TableShape.Merge;
import io.millrace.api.TableShape.Mode;
import io.millrace.api.Type;
import io.millrace.connectors.postgres.PostgresConfig;
import io.millrace.connectors.postgres.PostgresConnector;
import io.millrace.connectors.postgres.embedded.EmbeddedPostgres;
import io.millrace.testkit.Rows;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** The same commits into memory and into PostgreSQL give the same rows, and both refuse the same. */
class SameAsPostgresTest {

    private static final Path HOME = Path.of("target/postgres-tests").toAbsolutePath();

    private static final TableShape TOTALS = new TableShape(
            List.of(
                    new Col("user", Type.VARCHAR, false, Merge.KEY),
                    new Col("price", Type.DOUBLE, false, Merge.KEY),
                    new Col("total", Type.decimal(38, 2), true, Merge.ADD),
                    new Col("events", Type.BIGINT, false, Merge.ADD),
                    new Col("small", Type.INTEGER, true, Merge.ADD),
                    new Col("least", Type.VARCHAR, true, Merge.MIN),
                    new Col("most", Type.DOUBLE, true, Merge.MAX),
                    new Col("first", Type.TIMESTAMP_TZ, true, Merge.MIN),
                    new Col("last", Type.decimal(10, 3), true, Merge.MAX)),
            List.of(
                    new Average("mean", Type.decimal(30, 8), 2, 3),
                    new Average("whole", Type.BIGINT, 3, 4),
                    new Average("rough", Type.DOUBLE, 2, 3)),
            Mode.MERGE,
            null);

    private static final List<Col> VALUES = List.of(
            new Col("id", Type.BIGINT, false, Merge.KEY),
            new Col("day", Type.DATE, false, Merge.KEY),
            new Col("amount", Type.decimal(5, 2), false, Merge.KEY),
            new Col("version", Type.TIMESTAMP, true, Merge.VALUE),
            new Col("name", Type.VARCHAR, false, Merge.VALUE),
            new Col("small", Type.INTEGER, true, Merge.VALUE),
            new Col("number", Type.DOUBLE, true, Merge.VALUE),
            new Col("truth", Type.BOOLEAN, true, Merge.VALUE),
            new Col("wide", Type.decimal(38, 4), true, Merge.VALUE),
            new Col("json", Type.JSON, true, Merge.VALUE),
            new Col("words", Type.array(Type.VARCHAR), true, Merge.VALUE));

    /** All types that have a least and a greatest. */
    private static final TableShape EXTREMES = new TableShape(
            Stream.concat(
                            Stream.of(new Col("id", Type.BIGINT, false, Merge.KEY)),
                            Stream.of(
                                            Type.INTEGER,
                                            Type.BIGINT,
                                            Type.DOUBLE,
                                            Type.decimal(10, 3),
                                            Type.decimal(38, 4),
                                            Type.VARCHAR,
                                            Type.DATE,
                                            Type.TIMESTAMP,
                                            Type.TIMESTAMP_TZ)
                                    .flatMap(type -> Stream.of(Merge.MIN, Merge.MAX)
                                            .map(merge -> new Col(merge + " of " + type.sql(), type, true, merge))))
                    .toList(),
            List.of(),
            Mode.MERGE,
            null);

    private static final List<TableShape> SHAPES = List.of(
            TOTALS,
            EXTREMES,
            new TableShape(VALUES, List.of(), Mode.UPSERT, null),
            new TableShape(VALUES, List.of(), Mode.UPSERT, 3),
            new TableShape(VALUES, List.of(), Mode.UPSERT, 4),
            new TableShape(
                    VALUES.stream()
                            .map(c -> new Col(c.name(), c.type(), c.nullable(), Merge.VALUE))
                            .toList(),
                    List.of(),
                    Mode.APPEND,
                    null));

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedPostgres server;

    private static int tables;

    @BeforeContainer
    static void start() throws Exception {
        Files.createDirectories(HOME);
        server = EmbeddedPostgres.start(HOME);
        execute("DROP SCHEMA IF EXISTS same CASCADE; DROP SCHEMA IF EXISTS millrace CASCADE");
    }

    @AfterContainer
    static void stop() {
        server.close();
    }

    @Property(tries = 80)
    void theSameCommitsGiveTheSameRows(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        TableShape shape = SHAPES.get(random.nextInt(SHAPES.size()));
        String name = "t" + tables++;
        MemoryDatabase database = new MemoryDatabase();
        try (Sink memory = database.open(name, name);
                Sink postgres = postgres(name)) {
            memory.prepare(shape);
            postgres.prepare(shape);
            int offset = 0;
            for (int commit = 0; commit < 4; commit++) {
                int rows = random.nextInt(8);
                List<Sink.Staging> here = new ArrayList<>();
                List<Sink.Staging> there = new ArrayList<>();
                for (int lane = 0; lane < 2; lane++) {
                    List<List<@Nullable Object>> values = values(shape, rows, random);
                    Batch batch = batch(shape, values);
                    Sink.Staging mine = memory.stage(shape);
                    Sink.Staging its = postgres.stage(shape);
                    List<Sink.Refused> refused = its.check(batch);
                    assertThat(mine.check(batch)).isEqualTo(refused);
                    refused.reversed().forEach(r -> values.remove(r.row()));
                    Batch good = batch(shape, values);
                    mine.add(good);
                    its.add(good);
                    assertThat(mine.rows()).isEqualTo(its.rows());
                    here.add(mine);
                    there.add(its);
                }
                boolean fits = fits(postgres, there, offset);
                assertThat(fits(memory, here, offset)).isEqualTo(fits);
                offset += fits ? 1 : 0;
            }
            MemoryTable table = database.table(name).orElseThrow();
            List<String> columns =
                    table.columns().stream().map(MemoryTable.TableColumn::name).toList();
            assertThat(table.rows()).containsExactlyInAnyOrderElementsOf(rows(name, columns));
            assertThat(memory.progress()).isEqualTo(postgres.progress());
        }
    }

    private static boolean fits(Sink sink, List<Sink.Staging> staged, int offset) throws InterruptedException {
        Move move = new Move(
                "s",
                offset == 0 ? null : new Offset("" + offset),
                new Offset("" + (offset + 1)),
                new Counts(1, 1, 0, 0),
                List.of());
        try {
            sink.commit(new Commit("run", staged, List.of(move)));
            return true;
        } catch (SinkException e) {
            assertThat(e).isExactlyInstanceOf(RowsRefusedException.class);
            return false;
        }
    }

    private static List<List<@Nullable Object>> values(TableShape shape, int rows, Random random) {
        List<List<@Nullable Object>> values = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            List<@Nullable Object> one = new ArrayList<>();
            for (Col column : shape.columns()) {
                one.add(value(column, random));
            }
            values.add(one);
        }
        return values;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Batch batch(TableShape shape, List<List<@Nullable Object>> values) {
        return Rows.of(shape.schema(), values.toArray(List[]::new));
    }

    private static @Nullable Object value(Col column, Random random) {
        boolean key = column.merge() == Merge.KEY;
        if (random.nextInt(key ? 60 : 6) == 0 && (column.nullable() || column.merge() != Merge.ADD)) {
            return null;
        }
        return switch (column.type()) {
            case Type.Array _ ->
                pick(random, List.of(), List.of("a", "b c", "", "NULL"), Arrays.asList("x\"\\{", null), List.of("a,b"));
            case Type.Decimal decimal ->
                decimal.precision() == 5
                        ? pick(random, new BigDecimal("1.50"), new BigDecimal("0.00"), new BigDecimal("1234.56"))
                        : pick(
                                random,
                                new BigDecimal("0.01"),
                                new BigDecimal("-7.50"),
                                new BigDecimal("99999.99"),
                                new BigDecimal(decimal.precision() == 10 ? "12345678.1" : "123456789012345678901.1"));
            case Type.Simple simple ->
                switch (simple) {
                    case BOOLEAN -> random.nextBoolean();
                    case INTEGER ->
                        column.merge() == Merge.ADD
                                ? pick(random, 0, 1, -3, 7, 2_000_000_000)
                                : pick(random, 0, 1, -3, Integer.MAX_VALUE, 1L << 31);
                    case BIGINT -> key ? pick(random, 1, 2, 3) : pick(random, 1, 2, 3, 1L << 62);
                    case DOUBLE ->
                        key
                                ? pick(random, 0.0, -0.0, 1.5)
                                : pick(
                                        random,
                                        0.0,
                                        -0.0,
                                        0.1,
                                        1e20,
                                        -2.5e-7,
                                        Double.NaN,
                                        Double.NEGATIVE_INFINITY,
                                        Double.POSITIVE_INFINITY,
                                        123456789.125,
                                        1e15,
                                        99999.0);
                    case VARCHAR ->
                        key
                                ? pick(random, "u", "U", "ü", "u".repeat(random.nextInt(30) == 0 ? 2_700 : 1))
                                : pick(random, "", "b", "B", "ß\uFFFD", "\uD83D\uDE00", "nul\0", "long ".repeat(9));
                    case DATE -> key ? pick(random, 0L, 20_000L) : pick(random, 1L, 5_000_000_000L);
                    case TIMESTAMP, TIMESTAMP_TZ ->
                        pick(
                                random,
                                0L,
                                1_700_000_000_123_400L,
                                -62_200_000_000_000_000L,
                                Long.MAX_VALUE,
                                Long.MIN_VALUE);
                    case JSON ->
                        pick(
                                random,
                                "{\"bb\": 1.50, \"a\" : [1e2, -0, null, true], \"bb\":\"\\u00e9\\n\"}",
                                "[]",
                                "1E-5",
                                "{} x",
                                "\"\\u0000\"",
                                "\"\\ud800\"",
                                "1e200000");
                };
        };
    }

    private static Object pick(Random random, Object... values) {
        return values[random.nextInt(values.length)];
    }

    private static Sink postgres(String name) throws Exception {
        String url = "postgresql://" + server.user() + ":" + server.password() + "@127.0.0.1:" + server.port() + "/"
                + server.connection().database();
        return new PostgresConnector()
                .open(
                        new PostgresConfig("same." + name, List.of(), null, java.util.Set.of(), url),
                        new SinkConnector.Context(name, HOME, Map.of()));
    }

    private static List<List<@Nullable String>> rows(String table, List<String> columns) throws Exception {
        String names = columns.stream().map(c -> '"' + c + "\"::text").collect(Collectors.joining(", "));
        List<List<@Nullable String>> rows = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET TIME ZONE 'UTC'");
            try (ResultSet result = statement.executeQuery("SELECT " + names + " FROM same." + table)) {
                while (result.next()) {
                    List<@Nullable String> row = new ArrayList<>();
                    for (int i = 1; i <= columns.size(); i++) {
                        row.add(result.getString(i));
                    }
                    rows.add(Collections.unmodifiableList(row));
                }
            }
        }
        return rows;
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect() throws Exception {
        Properties properties = new Properties();
        properties.setProperty("user", server.user());
        properties.setProperty("password", server.password());
        return DriverManager.getConnection(server.jdbcUrl(), properties);
    }
}
