package io.millrace.benchmarks.gateway;

import io.helidon.http.Status;
import io.helidon.webserver.WebServer;

/**
 * The yardstick: Helidon as it comes, with a route that reads the body, forgets it, and answers as many bytes as the intake
 * does. It prints its port and runs until it is killed.
 */
final class IdleServer {

    private static final byte[] ANSWER =
            "{\"accepted\":1,\"refused\":[],\"repeated\":false,\"positions\":{\"0-0\":123456789}}"
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private IdleServer() {}

    public static void main(String[] arguments) {
        WebServer server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .routing(routing -> routing.post("/events", (request, response) -> {
                    request.content().consume();
                    response.status(Status.ACCEPTED_202);
                    response.header(io.helidon.http.HeaderValues.CONTENT_TYPE_JSON);
                    response.send(ANSWER);
                }))
                .build()
                .start();
        System.out.println(server.port());
    }
}
