package io.millrace.benchmarks.live;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Events of the revenue example in batches, made before the clock starts. */
final class Events {

    private Events() {}

    /**
     * Whole requests.
     *
     * @param users how many users the events are of, each about as often
     */
    static byte[][] requests(URI server, String token, int batches, int batch, int users) {
        SplittableRandom random = new SplittableRandom(7);
        byte[][] requests = new byte[batches][];
        int next = 0;
        for (int i = 0; i < batches; i++) {
            StringBuilder body = new StringBuilder(batch * 64);
            for (int j = 0; j < batch; j++) {
                body.append("{\"userId\":\"user")
                        .append(next++ % users)
                        .append("\",\"name\":\"")
                        .append(random.nextInt(4) == 0 ? "subtract_revenue" : "add_revenue")
                        .append("\",\"value\":")
                        .append(random.nextInt(100))
                        .append("}\n");
            }
            requests[i] = Poster.request(
                    server,
                    token,
                    "/liveEvent",
                    "application/x-ndjson",
                    body.toString().getBytes(StandardCharsets.UTF_8));
        }
        return requests;
    }
}
