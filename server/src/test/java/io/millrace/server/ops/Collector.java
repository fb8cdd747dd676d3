package io.millrace.server.ops;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** Takes what is sent by OTLP over HTTP, as a collector does. */
final class Collector implements AutoCloseable {

    final List<ExportTraceServiceRequest> traces = new CopyOnWriteArrayList<>();
    final List<ExportMetricsServiceRequest> metrics = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/v1/traces", exchange -> traces.add(ExportTraceServiceRequest.parseFrom(body(exchange))));
        server.createContext(
                "/v1/metrics", exchange -> metrics.add(ExportMetricsServiceRequest.parseFrom(body(exchange))));
        server.start();
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        byte[] sent = exchange.getRequestBody().readAllBytes();
        if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
            try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(sent))) {
                sent = unpacked.readAllBytes();
            }
        }
        if (!"application/x-protobuf".equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
            throw new InvalidProtocolBufferException("no protobuf");
        }
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
        return sent;
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Span> spans() {
        return traces.stream()
                .flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    /** The spans of a name in a trace. */
    List<Span> spans(String trace, String name) {
        return spans().stream()
                .filter(span -> hex(span.getTraceId().toByteArray()).equals(trace)
                        && span.getName().equals(name))
                .toList();
    }

    /** A metric as it was sent last. */
    Optional<Metric> metric(String name) {
        return metrics.reversed().stream()
                .flatMap(request -> request.getResourceMetricsList().stream())
                .flatMap(resource -> resource.getScopeMetricsList().stream())
                .flatMap(scope -> scope.getMetricsList().stream())
                .filter(metric -> metric.getName().equals(name))
                .findFirst();
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
