package io.millrace.connectors.http;

import io.millrace.api.Kept;
import io.millrace.formats.KeptReader;
import io.millrace.log.Log;
import io.millrace.log.LogException;
import io.millrace.log.LogOptions;
import io.millrace.log.PartitionName;
import io.millrace.log.PartitionReader;
import io.millrace.log.Start;
import io.millrace.log.Stretch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * When a record of the log was received and from whom, asked of the log where it still has the record. Only a query that
 * reads {@code _received_at} or {@code _client} asks; each record costs a look into the log then.
 */
final class Arrival implements KeptReader.Surroundings {

    private static final int A_RECORD = 1;

    private final Path folder;
    private final String split;
    private @Nullable Kept asked;
    private long micros;
    private @Nullable String client;

    /** @param folder of the log; it may be gone */
    Arrival(Path folder, String split) {
        this.folder = folder;
        this.split = split;
    }

    @Override
    public long receivedAtMicros(Kept record) {
        look(record);
        return micros;
    }

    @Override
    public @Nullable String client(Kept record) {
        look(record);
        return client;
    }

    private void look(Kept record) {
        if (record.equals(asked)) {
            return;
        }
        asked = record;
        micros = KeptReader.Surroundings.NONE.receivedAtMicros(record);
        client = null;
        if (!Log.isLog(folder)) {
            return;
        }
        try (Log log = Log.openForReading(folder, LogOptions.DEFAULTS, InstantSource.system())) {
            PartitionName partition = LogSplits.partition(log, split);
            try (PartitionReader reader = log.reader(partition, new Start.At(Long.parseLong(record.position())))) {
                if (reader.next(A_RECORD, Duration.ZERO) instanceof Stretch lines) {
                    micros = lines.receivedMicros(0);
                    client = lines.client(0);
                }
            }
        } catch (IllegalArgumentException | LogException e) {
            // Of another machine's log, or no longer there: only what the quarantine knows is known.
            client = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
