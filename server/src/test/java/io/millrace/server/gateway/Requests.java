package io.millrace.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.http.Answer;
import io.millrace.server.http.Operation;
import io.millrace.server.http.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Requests byte for byte, how many of them were answered directly, and answers that can be compared. */
final class Requests {

    static final Operation OPERATION = Operation.of("test", "A test");

    private Requests() {}

    /** With a path that tells how many requests of its connection were answered directly. */
    static TestGateway server(Path folder, GatewayConfig.Limits limits) throws Exception {
        TestGateway server = new TestGateway(folder, TestGateway.Setting.usual().with(limits));
        serve(server);
        return server;
    }

    static void serve(TestGateway server, Route... more) {
        Routes routes = Routes.NONE
                .and(new Intake("/events", server.stream))
                .and(new Route("GET", "/_direct", null, OPERATION, request -> {
                    int direct = ((Exchange) request).wire().directRequests();
                    return Answer.text("text/plain", Integer.toString(direct));
                }));
        for (Route route : more) {
            routes = routes.and(route);
        }
        server.gateway.routes(routes);
    }

    /** How many requests of a connection were answered directly. */
    static int direct(Raw raw) throws IOException {
        Raw.Heard heard = raw.say(get("/_direct")).hear();
        assertThat(heard.status()).isEqualTo(200);
        return Integer.parseInt(heard.body());
    }

    static String get(String path, String... headers) {
        return request("GET", path, headers);
    }

    static String request(String method, String path, String... headers) {
        StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    static String post(TestGateway server, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Content-Length: " + body.length());
        return Raw.head(server.token, all.toArray(new String[0])) + "\r\n" + body;
    }

    static String told(Raw.Heard heard) {
        return told(heard.head() + heard.body());
    }

    /**
     * Answers without what differs from one to the next: the time, the id, the place in the log, and the order of the
     * headers.
     */
    static String told(String text) {
        String alike = text.replaceAll("Date: [^\r]*", "Date: ...")
                .replaceAll("X-Request-Id: [^\r]*", "X-Request-Id: ...")
                .replaceAll("urn:millrace:request:[^\"]*", "urn:millrace:request:...");
        if (text.contains("\"positions\"")) {
            alike = alike.replaceAll("(\"0-0\":)\\d+", "$1...")
                    .replaceAll("Content-Length: \\d+", "Content-Length: ...");
        }
        return Arrays.stream(alike.split("(?=HTTP/1\\.1 )", -1))
                .map(answer -> answer.lines().sorted().collect(Collectors.joining("\n")))
                .collect(Collectors.joining("\n\n"));
    }
}
