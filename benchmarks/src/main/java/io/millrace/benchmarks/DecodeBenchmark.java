package io.millrace.benchmarks;

import io.millrace.api.Projection;
import io.millrace.api.Type;
import io.millrace.formats.Csv;
import io.millrace.formats.Decoder;
import io.millrace.formats.Format;
import io.millrace.formats.Ndjson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How fast bytes become columns, on one core. {@code megabytes} counts millions of input bytes a second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeBenchmark {

    private static final int RECORDS = 20_000;

    /** What is decoded. */
    public enum Input {
        /** {@code {"userId":"user1","name":"add_revenue","value":98}}, all fields read. */
        REVENUE_NDJSON,
        /** 20 fields of many types, 3 of them read. */
        WIDE_NDJSON,
        /** Two of six fields are there in half of the records, so that there are many shapes. */
        SHAPES_NDJSON,
        /** Texts with escapes and letters that are not ASCII. */
        TEXT_NDJSON,
        /** Doubles of 16 digits. */
        DOUBLES_NDJSON,
        /** The revenue events as CSV without quotes. */
        REVENUE_CSV,
        /** Twenty fields, some in quotes, three read. */
        WIDE_CSV
    }

    @Param
    Input input = Input.REVENUE_NDJSON;

    private byte[] bytes = {};
    private int header;
    private Decoder decoder = new Ndjson().decoder(new Projection(List.of()), new byte[0]);

    /** Counts what JMH can't know. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Bytes {
        public double megabytes;

        @Setup(Level.Iteration)
        public void clear() {
            megabytes = 0;
        }
    }

    @Setup
    public void generate() {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        Format format = switch (input) {
            case REVENUE_CSV, WIDE_CSV -> new Csv();
            case REVENUE_NDJSON, WIDE_NDJSON, SHAPES_NDJSON, TEXT_NDJSON, DOUBLES_NDJSON -> new Ndjson();
        };
        if (input == Input.REVENUE_CSV) {
            text.append("userId,name,value\n");
        } else if (input == Input.WIDE_CSV) {
            text.append("id,user,value");
            for (int i = 0; i < 17; i++) {
                text.append(",column").append(i);
            }
            text.append('\n');
        }
        for (int i = 0; i < RECORDS; i++) {
            record(random, text);
        }
        bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        header = format.headerLength(bytes, bytes.length, true);
        decoder = format.decoder(projection(), Arrays.copyOf(bytes, header));
    }

    private Projection projection() {
        return switch (input) {
            case REVENUE_NDJSON, REVENUE_CSV ->
                projection(field("userId", Type.VARCHAR), field("name", Type.VARCHAR), field("value", Type.BIGINT));
            case WIDE_NDJSON, WIDE_CSV ->
                projection(field("id", Type.BIGINT), field("user", Type.VARCHAR), field("value", Type.decimal(12, 2)));
            case SHAPES_NDJSON ->
                projection(field("a", Type.BIGINT), field("c", Type.VARCHAR), field("f", Type.BIGINT));
            case TEXT_NDJSON -> projection(field("text", Type.VARCHAR));
            case DOUBLES_NDJSON -> projection(field("x", Type.DOUBLE), field("y", Type.DOUBLE));
        };
    }

    private static Projection projection(Projection.Field... fields) {
        return new Projection(List.of(fields));
    }

    private static Projection.Field field(String name, Type type) {
        return new Projection.Field(List.of(name), type, true, true);
    }

    private void record(Random random, StringBuilder text) {
        int user = random.nextInt(100_000);
        String name = random.nextBoolean() ? "add_revenue" : "subtract_revenue";
        int value = random.nextInt(1000);
        switch (input) {
            case REVENUE_NDJSON ->
                text.append("{\"userId\":\"user%d\",\"name\":\"%s\",\"value\":%d}\n".formatted(user, name, value));
            case REVENUE_CSV -> text.append("user%d,%s,%d\n".formatted(user, name, value));
            case WIDE_NDJSON -> {
                text.append("{\"id\":%d,\"user\":\"user%d\"".formatted(random.nextLong() >>> 20, user));
                for (int i = 0; i < 17; i++) {
                    text.append(", \"column").append(i).append("\": ");
                    switch (i % 5) {
                        case 0 -> text.append(random.nextInt());
                        case 1 ->
                            text.append('"')
                                    .append(Long.toString(random.nextLong(), 36))
                                    .append('"');
                        case 2 -> text.append(random.nextBoolean());
                        case 3 -> text.append("{\"x\":[").append(value).append(",null]}");
                        default -> text.append(random.nextInt(1000)).append(".5");
                    }
                }
                text.append(",\"value\":%d.%02d}\n".formatted(value, user % 100));
            }
            case WIDE_CSV -> {
                text.append("%d,user%d,%d.%02d".formatted(random.nextLong() >>> 20, user, value, user % 100));
                for (int i = 0; i < 17; i++) {
                    text.append(',');
                    switch (i % 3) {
                        case 0 -> text.append(random.nextInt());
                        case 1 -> text.append("\"some text, in quotes\"");
                        default -> text.append(Long.toString(random.nextLong(), 36));
                    }
                }
                text.append('\n');
            }
            case SHAPES_NDJSON -> {
                text.append("{\"a\":").append(user);
                for (char c = 'b'; c <= 'f'; c++) {
                    if (random.nextBoolean()) {
                        text.append(",\"").append(c).append("\":").append(c == 'c' ? "\"x\"" : "12");
                    }
                }
                text.append("}\n");
            }
            case TEXT_NDJSON ->
                text.append(
                        "{\"text\":\"Grüße aus München,\\n\\\"%s\\\" \\u20ac %d — ещё раз\"}\n".formatted(name, value));
            case DOUBLES_NDJSON ->
                text.append("{\"x\":")
                        .append(random.nextDouble())
                        .append(",\"y\":")
                        .append(value / 8.0)
                        .append("}\n");
        }
    }

    @Benchmark
    public long decode(Bytes counter) {
        long rows = 0;
        int p = header;
        while (p < bytes.length) {
            p = decoder.decode(bytes, p, bytes.length, true);
            rows += decoder.batch().rows();
        }
        if (rows != RECORDS) {
            throw new IllegalStateException(rows + " rows");
        }
        counter.megabytes += bytes.length / 1e6;
        return rows;
    }
}
