package io.millrace.server.openapi;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 by hand, since a proper client refuses to send what is not proper. Keeps its connection while it can. */
final class RawHttp implements AutoCloseable {

    private final int port;
    private @Nullable Socket socket;

    RawHttp(int port) {
        this.port = port;
    }

    /**
     * A request as it is sent.
     *
     * @param target path and query, byte by byte as Latin-1
     * @param headers whole lines
     * @param body null for none, and then without a length
     */
    record Ask(String method, String target, List<String> headers, byte @Nullable [] body) {
        byte[] bytes() {
            StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
            headers.forEach(line -> head.append(line).append("\r\n"));
            if (body != null) {
                head.append("Content-Length: ").append(body.length).append("\r\n");
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            if (body != null) {
                bytes.writeBytes(body);
            }
            return bytes.toByteArray();
        }

        @Override
        public String toString() {
            return method + " " + target + " "
                    + headers.stream().map(RawHttp::hidden).toList()
                    + (body == null ? "" : " " + new String(body, StandardCharsets.UTF_8));
        }
    }

    private static String hidden(String header) {
        return header.startsWith("Authorization") ? "Authorization" : header;
    }

    /** An answer; names of headers in lower case. */
    record Got(int status, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String type() {
            return headers.getOrDefault("content-type", "").split(";", 2)[0];
        }

        @Override
        public String toString() {
            return status + " " + headers + " " + (body.length > 2000 ? body.length + " bytes" : text());
        }
    }

    Got send(Ask ask) throws IOException {
        boolean kept = socket != null;
        try {
            return exchange(ask);
        } catch (IOException e) {
            close();
            if (kept) {
                // The server may have closed the connection that was kept.
                return exchange(ask);
            }
            throw e;
        }
    }

    private Got exchange(Ask ask) throws IOException {
        Socket open = socket;
        if (open == null) {
            open = new Socket(InetAddress.getLoopbackAddress(), port);
            open.setTcpNoDelay(true);
            open.setSoTimeout(30_000);
            socket = open;
        }
        open.getOutputStream().write(ask.bytes());
        InputStream in = new BufferedInputStream(open.getInputStream());
        String first = line(in);
        int status = Integer.parseInt(first.split(" ", 3)[1]);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String[] parts = line.split(":", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
        }
        boolean bodiless = ask.method().equals("HEAD") || status == 204 || status == 304;
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = bodiless ? new byte[0] : in.readNBytes(length);
        if (!bodiless && body.length < length) {
            throw new EOFException("The answer ends early");
        }
        if (headers.getOrDefault("connection", "").equalsIgnoreCase("close") || status == 400) {
            close();
        }
        return new Got(status, headers, body);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int b;
        while ((b = in.read()) != '\n') {
            if (b < 0) {
                throw new EOFException("The connection was closed");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
