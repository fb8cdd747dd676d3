package io.millrace.server.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Counts and times the requests of one route, by the status of their answers. Thread-safe. */
public final class RouteMeter {

    private static final int LAST_STATUS = 599;

    private final Map<String, String> labels;

    /** By status; 0 for requests that were not answered. */
    private final AtomicReferenceArray<Histogram> byStatus = new AtomicReferenceArray<>(LAST_STATUS + 1);

    RouteMeter(Map<String, String> labels) {
        this.labels = labels;
    }

    /**
     * A request has ended.
     *
     * @param status of its answer; 0 where it got none, since its connection broke
     */
    public void ended(int status, long nanos) {
        int at = status < 0 || status > LAST_STATUS ? LAST_STATUS : status;
        Histogram times = byStatus.get(at);
        (times == null ? first(at) : times).add(nanos);
    }

    private Histogram first(int status) {
        Histogram made = Histogram.ofNanos(Histogram.REQUEST_SECONDS);
        Histogram there = byStatus.compareAndExchange(status, null, made);
        return there == null ? made : there;
    }

    List<Metric.Point> points() {
        List<Metric.Point> points = new ArrayList<>();
        for (int status = 0; status <= LAST_STATUS; status++) {
            Histogram times = byStatus.get(status);
            if (times != null) {
                Map<String, String> all = new TreeMap<>(labels);
                if (status > 0) {
                    all.put("http.response.status_code", Integer.toString(status));
                }
                if (status == 0 || status >= 500) {
                    all.put("error.type", status == 0 ? "connection_broken" : Integer.toString(status));
                }
                points.add(new Metric.Point(all, times.read()));
            }
        }
        return points;
    }
}
