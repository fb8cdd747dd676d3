package io.millrace.cli;

import io.millrace.server.OutputConfig.Format;
import io.millrace.server.ops.Faults;
import io.millrace.server.ops.Notice;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import tools.jackson.databind.json.JsonMapper;

/** Writes down what happens, a line each: for a person, or as JSON for what collects logs. Thread-safe. */
final class Journal {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Terminal terminal;
    private final Format format;
    private final InstantSource clock;

    Journal(Terminal terminal, Format format, InstantSource clock) {
        this.terminal = terminal;
        this.format = format;
        this.clock = clock;
    }

    /** Whether a program reads it, and perhaps keeps it for long: no place for a secret. */
    boolean forPrograms() {
        return format == Format.JSON;
    }

    synchronized void write(Notice notice) {
        String time = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
        terminal.err()
                .println(
                        switch (format) {
                            case TEXT -> time + " " + prefix(notice.level()) + notice.message() + trace(notice);
                            case JSON -> JSON.writeValueAsString(object(time, notice));
                        });
    }

    private static String prefix(Notice.Level level) {
        return level == Notice.Level.INFO ? "" : level.name().toLowerCase(Locale.ROOT) + ": ";
    }

    private static String trace(Notice notice) {
        return notice.traceId() == null ? "" : " (trace " + notice.traceId() + ")";
    }

    private static Map<String, Object> object(String time, Notice notice) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("time", time);
        object.put("level", notice.level().name().toLowerCase(Locale.ROOT));
        object.put("event", notice.event());
        if (notice.pipeline() != null) {
            object.put("pipeline", notice.pipeline());
        }
        object.put("message", notice.message());
        if (notice.traceId() != null) {
            object.put("trace_id", notice.traceId());
        }
        return object;
    }

    /**
     * From now on what libraries log, and our own parts that have nobody to tell, comes out here: warnings and errors, for
     * the rest tells at length how things are done.
     */
    void takeOverLoggers() {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(new Loggers());
    }

    private final class Loggers extends Handler {
        private final SimpleFormatter words = new SimpleFormatter();

        @Override
        public void publish(LogRecord logged) {
            if (!isLoggable(logged)) {
                return;
            }
            String thrown = logged.getThrown() == null ? "" : ": " + Faults.told(logged.getThrown());
            String message = logged.getLoggerName() + ": "
                    + words.formatMessage(logged).strip().replaceAll("\\R", " ") + thrown;
            write(
                    logged.getLevel().intValue() >= Level.SEVERE.intValue()
                            ? Notice.error("logged", message)
                            : Notice.warning("logged", message));
        }

        @Override
        public void flush() {
            terminal.err().flush();
        }

        @Override
        public void close() {
            // The stream is the process's own.
        }
    }
}
