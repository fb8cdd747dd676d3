package io.millrace.log;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keeps what a log says, for a test to look at. */
final class Events implements LogListener {
    private final List<LogEvent> events = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void on(LogEvent event) {
        events.add(event);
    }

    <E extends LogEvent> List<E> of(Class<E> kind) {
        synchronized (events) {
            return events.stream().filter(kind::isInstance).map(kind::cast).toList();
        }
    }
}
