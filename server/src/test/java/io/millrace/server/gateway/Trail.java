package io.millrace.server.gateway;

import io.millrace.api.Commit;
import io.millrace.log.PartitionName;
import io.millrace.server.http.Request;
import io.millrace.server.ops.RequestTrace;
import io.millrace.server.ops.Tracing;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Follows every request and writes down what it heard, in one list for all of them. */
final class Trail implements Tracing {

    final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public RequestTrace begin(Request request, @Nullable String route) {
        heard.add(request.method() + " " + route);
        return new Followed();
    }

    @Override
    public void committed(String pipeline, Commit commit, long rows, Duration took) {
        throw new AssertionError("Nothing is committed here");
    }

    private final class Followed implements RequestTrace {
        @Override
        public String traceId() {
            return "0af7651916cd43dd8448eb211c80319c";
        }

        @Override
        public Append append(String stream, int records) {
            heard.add("append " + records + " to " + stream);
            return new Append() {
                @Override
                public void stored(PartitionName partition, long end) {
                    heard.add("stored in " + partition.partition());
                }

                @Override
                public void repeated() {
                    heard.add("repeated");
                }

                @Override
                public void close() {
                    heard.add("appended");
                }
            };
        }

        @Override
        public void end(int status) {
            heard.add("end " + status);
        }
    }
}
