package io.millrace.server.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A client that says exactly what it is told to, byte for byte. */
final class Raw implements AutoCloseable {

    final Socket socket;
    private final InputStream in;

    Raw(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    Raw(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
        in = socket.getInputStream();
    }

    Raw say(String text) throws IOException {
        return say(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Raw say(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** The head of a request to take events, without its end. */
    static String head(String token, String... headers) {
        return "POST /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\n" + String.join("\r\n", headers) + "\r\n";
    }

    /** An answer: its head and its body, by its Content-Length. */
    record Heard(int status, String head, String body) {}

    Heard hear() throws IOException {
        Heard head = hearHead();
        int length = 0;
        for (String line : head.head().split("\r\n", -1)) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        return new Heard(head.status(), head.head(), new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    /** An answer that has no body, whatever it says. */
    Heard hearHead() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("The connection was closed after: " + head);
            }
            head.write(b);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        return new Heard(Integer.parseInt(text.substring(9, 12)), text, "");
    }

    /** Whether nothing is heard for a while. */
    boolean quietFor(Duration time) throws IOException {
        int usual = socket.getSoTimeout();
        socket.setSoTimeout((int) time.toMillis());
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(usual);
        }
    }

    /** Waits for a while without taking anything; then takes what there is. Nothing can be awaited by who does not read. */
    String hearAfter(Duration time) throws IOException {
        LockSupport.parkNanos(time.toNanos());
        try {
            return rest();
        } catch (SocketException e) {
            return "";
        }
    }

    /** Reads to the end; what came before it. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
