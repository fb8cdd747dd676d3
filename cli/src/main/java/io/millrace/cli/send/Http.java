package io.millrace.cli.send;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * HTTP requests, each with a time limit for all of its answer, and with errors that a person understands. Connections are
 * kept for the requests that follow. Redirects are not followed, since a token would go with them. Thread-safe.
 */
public final class Http implements AutoCloseable {

    /** No gateway has that much to say; one that has would fill the memory. */
    private static final long LONGEST_ANSWER_BYTES = 16 << 20;

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client;
    private final Duration timeout;

    private Http(@Nullable Path authorities, Duration timeout) throws IOException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout.compareTo(LONGEST_CONNECT) < 0 ? timeout : LONGEST_CONNECT)
                .executor(threads);
        if (authorities != null) {
            builder.sslContext(Authorities.trusting(authorities));
        }
        this.client = builder.build();
        this.timeout = timeout;
    }

    /**
     * Makes ready to send requests.
     *
     * @param authorities a file of certificates (PEM) to trust besides those that Java trusts; null for none
     * @param timeout how long a whole answer may take
     * @throws IOException if the certificates can't be read
     */
    public static Http open(@Nullable Path authorities, Duration timeout) throws IOException {
        return new Http(authorities, timeout);
    }

    /**
     * Sends a request and waits for all of the answer.
     *
     * @throws NoAnswerException if there is none
     */
    HttpResponse<byte[]> send(HttpRequest request) throws NoAnswerException, InterruptedException {
        BodyHandler<byte[]> body = BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER_BYTES);
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, body);
        try {
            // The client's own limit ends with the headers of the answer, and a body can stop half way.
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new NoAnswerException(
                    place(request.uri()) + ": no answer within " + timeout.toMillis() / 1000.0 + " s", true, e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw explained(cause, request.uri());
            }
            throw new IllegalStateException("the HTTP client failed in a way that it never should", e.getCause());
        }
    }

    private static NoAnswerException explained(IOException e, URI uri) {
        String place = place(uri);
        return switch (e) {
            case ConnectException unknown
            when unknown.getCause() instanceof UnresolvedAddressException ->
                new NoAnswerException(place + ": the name of the host is not known", false, e);
            case ConnectException refused -> new NoAnswerException(place + ": nothing listens there", false, e);
            case NoRouteToHostException unreachable ->
                new NoAnswerException(place + ": there is no way to this host", false, e);
            case HttpConnectTimeoutException timeout ->
                new NoAnswerException(place + ": no connection, nothing answers there", false, e);
            case SSLException tls ->
                new NoAnswerException(
                        place + ": no secure connection: " + Discretion.oneLine(String.valueOf(tls.getMessage()))
                                + " (--cacert FILE trusts an authority of your own)",
                        true,
                        e);
            default ->
                new NoAnswerException(
                        place + ": the connection broke before the answer was complete"
                                + (e.getMessage() == null ? "" : " (" + Discretion.oneLine(e.getMessage()) + ")"),
                        true,
                        e);
        };
    }

    private static String place(URI uri) {
        return uri.getScheme() + "://" + uri.getAuthority();
    }

    /** Ends whatever is under way. */
    @Override
    public void close() {
        client.shutdownNow();
        client.close();
        threads.close();
    }
}
