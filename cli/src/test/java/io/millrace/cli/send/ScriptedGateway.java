package io.millrace.cli.send;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A gateway on this machine that does as it is told: it remembers keys and takes each request once, as a real one, but
 * for requests whose answer the script gives.
 */
final class ScriptedGateway implements AutoCloseable {

    static {
        // Otherwise each answer waits for 40 ms (Nagle's algorithm against delayed acknowledgements).
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** What to do with a request. */
    sealed interface Reply {

        /** Takes it, but for some of its lines, from 1. */
        record Take(List<Integer> refused) implements Reply {}

        /** Takes it, and breaks the connection in the middle of the answer. */
        record TakeAndBreak() implements Reply {}

        /** Breaks the connection without taking anything. */
        record Break() implements Reply {}

        /** Takes nothing and says so. */
        record Status(int status, Map<String, String> headers, String body) implements Reply {}

        /** Takes it, and does so after something else has happened. */
        record TakeAfter(CompletableFuture<?> event) implements Reply {}
    }

    static final Reply TAKE = new Reply.Take(List.of());

    static Reply status(int status) {
        return new Reply.Status(status, Map.of(), "");
    }

    static Reply problem(int status, String title, String detail) {
        return new Reply.Status(
                status,
                Map.of("Content-Type", "application/problem+json"),
                "{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\"" + detail
                        + "\"}");
    }

    /** One request as it came. */
    record Request(int number, String method, String path, Map<String, String> headers, String body, long nanos) {

        List<String> lines() {
            return body.lines().toList();
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        String key() {
            return header("Idempotency-key");
        }
    }

    /** Answers requests, numbered from 1 as they come; posts to the events' URL only. */
    interface Script {
        Reply reply(Request request);
    }

    /** Answers requests for anything else. */
    interface Page {
        Reply.Status answer(Request request);
    }

    /** What was taken under a key. */
    private record Taken(int accepted, String refused, long position) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Script script;
    private final Map<String, Page> pages = new HashMap<>();

    /** All that follows is guarded by this. */
    private final List<Request> requests = new ArrayList<>();

    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, Taken> taken = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();
    private long position;
    private int underWay;
    private int mostUnderWay;
    private boolean keepsLines = true;
    private long count;

    ScriptedGateway(Script script) throws IOException {
        this(script, null);
    }

    /** @param tls null for none */
    ScriptedGateway(Script script, @Nullable SSLContext tls) throws IOException {
        this.script = script;
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        if (tls == null) {
            server = HttpServer.create(address, 64);
        } else {
            HttpsServer secure = HttpsServer.create(address, 64);
            secure.setHttpsConfigurator(new HttpsConfigurator(tls));
            server = secure;
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static ScriptedGateway taking() throws IOException {
        return new ScriptedGateway(request -> TAKE);
    }

    /** Gives these answers to the first requests, and takes all that follow. */
    static ScriptedGateway answering(Reply... replies) throws IOException {
        return new ScriptedGateway(
                request -> request.number() <= replies.length ? replies[request.number() - 1] : TAKE);
    }

    /** Answers requests for a path. */
    ScriptedGateway with(String path, Page page) {
        pages.put(path, page);
        return this;
    }

    /** Counts lines and forgets them and the requests, so that many fit. */
    synchronized ScriptedGateway forgetful() {
        keepsLines = false;
        return this;
    }

    URI uri() {
        return URI.create((server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:"
                + server.getAddress().getPort() + "/liveEvent");
    }

    /** The lines that were taken, in that order. */
    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    synchronized long count() {
        return count;
    }

    /** The requests for events. */
    synchronized List<Request> requests() {
        return requests.stream()
                .filter(request -> request.path().equals("/liveEvent"))
                .toList();
    }

    synchronized int requests(String path) {
        return (int)
                requests.stream().filter(request -> request.path().equals(path)).count();
    }

    synchronized int mostUnderWay() {
        return mostUnderWay;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request = received(exchange);
            Page page = pages.get(request.path());
            act(exchange, request, page != null ? page.answer(request) : script.reply(request));
        } finally {
            synchronized (this) {
                underWay--;
            }
        }
    }

    private Request received(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-encoding"))) {
            body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
        }
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
        String path = exchange.getRequestURI().getPath();
        synchronized (this) {
            underWay++;
            mostUnderWay = Math.max(mostUnderWay, underWay);
            Request request = new Request(
                    numbers.merge(path, 1, Integer::sum),
                    exchange.getRequestMethod(),
                    path,
                    headers,
                    new String(body, StandardCharsets.UTF_8),
                    System.nanoTime());
            if (keepsLines) {
                requests.add(request);
            }
            return request;
        }
    }

    private void act(HttpExchange exchange, Request request, Reply reply) throws IOException {
        boolean known;
        synchronized (this) {
            known = taken.containsKey(request.key());
        }
        // A gateway answers a key that it knows as it did the first time, whatever the script would say.
        switch (known && !(reply instanceof Reply.TakeAndBreak) ? TAKE : reply) {
            case Reply.Take(List<Integer> refused) -> answer(exchange, 202, Map.of(), take(request, refused));
            case Reply.TakeAndBreak breaks -> {
                byte[] answer = take(request, List.of()).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(202, answer.length);
                exchange.getResponseBody().write(Arrays.copyOf(answer, answer.length / 2));
                exchange.getResponseBody().flush();
            }
            case Reply.Break breaks -> {}
            case Reply.Status(int status, var headers, String body) -> answer(exchange, status, headers, body);
            case Reply.TakeAfter(var event) -> {
                event.join();
                answer(exchange, 202, Map.of(), take(request, List.of()));
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, Map<String, String> headers, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private synchronized String take(Request request, List<Integer> refused) {
        @Nullable Taken before = taken.get(request.key());
        if (before == null) {
            List<String> all = request.lines();
            StringBuilder said = new StringBuilder();
            for (int i = 1; i <= all.size(); i++) {
                if (refused.contains(i)) {
                    said.append(said.isEmpty() ? "" : ",")
                            .append("{\"line\":")
                            .append(i)
                            .append(",\"code\":\"wrong_type\",\"field\":\"value\",\"message\":\"it is no number\"}");
                } else {
                    count++;
                    if (keepsLines) {
                        lines.add(all.get(i - 1));
                    }
                }
            }
            position += request.body().length();
            before = new Taken(all.size() - refused.size(), said.toString(), position);
            if (keepsLines) {
                taken.put(request.key(), before);
            }
            return answer(before, false);
        }
        return answer(before, true);
    }

    private static String answer(Taken taken, boolean repeated) {
        return "{\"accepted\":" + taken.accepted() + ",\"refused\":[" + taken.refused() + "],\"repeated\":" + repeated
                + ",\"positions\":{\"0-0\":" + taken.position() + "}}";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
