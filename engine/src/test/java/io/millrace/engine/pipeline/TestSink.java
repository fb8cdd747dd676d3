package io.millrace.engine.pipeline;

import io.millrace.api.ByteSize;
import io.millrace.api.Doc;
import io.millrace.api.Sink;
import io.millrace.api.SinkConnector;
import io.millrace.api.SinkException;
import io.millrace.api.SourceConnector.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A destination that takes a setting of every type and opens nothing. */
public final class TestSink implements SinkConnector<TestSink.Config> {

    record Config(
            @Doc("The table to write.") String table,

            @Doc(value = "The columns of the key.", byDefault = "[]")
            List<String> key,

            @Doc("The column whose highest value wins.") @Nullable
            String version,

            @Doc(value = "How long to wait for the server.", byDefault = "10s")
            Duration timeout,

            @Doc(value = "How large a message may be.", byDefault = "1MiB")
            ByteSize buffer,

            @Doc(value = "How often to try.", byDefault = "3")
            int attempts,

            @Doc(value = "The most rows.", byDefault = "0x10")
            long maxRows,

            @Doc(value = "By how much to wait longer.", byDefault = "1.5")
            double factor,

            @Doc(value = "Whether to sort.", byDefault = "false")
            boolean sorted,

            @Doc(value = "Settings of the session.", byDefault = "{}")
            Map<String, String> options,

            @Doc("A certificate.") @Nullable Path certificate) {
        Config {
            if (table.isBlank()) {
                throw new IllegalArgumentException("the table's name \"" + table + "\" is blank");
            }
        }
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public Class<Config> config() {
        return Config.class;
    }

    @Override
    public List<Problem> lint(Config config) {
        return config.table().length() > 63
                ? List.of(new Problem("table", "\"" + config.table() + "\" is longer than 63 characters"))
                : List.of();
    }

    @Override
    public boolean remembersKeys() {
        return true;
    }

    @Override
    public Target target(Config config) {
        return new Target(config.table(), config.key(), config.version(), java.util.Set.of());
    }

    @Override
    public Sink open(Config config, Context context) throws SinkException {
        throw new SinkException("There is no server for " + context.pipeline());
    }
}
