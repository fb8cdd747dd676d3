package io.millrace.server.remote;

import io.millrace.engine.live.Repeating;
import io.millrace.engine.yaml.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a folder like the one behind a URL: asks now and then, by ETag, whether there is something new, and takes a new
 * version as a whole or, where one of its pipelines is wrong, not at all. While the URL can't be reached the last good
 * version stays, also over a restart.
 *
 * <p>Thread-safe.
 */
public final class RemoteFolder implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final URI url;
    private final RemoteConfig config;
    private final Check check;
    private final Listener listener;
    private final LocalCopy copy;
    private final HttpClient client;
    private final Repeating poller;

    private volatile boolean closed;

    // Of the thread that fetches.
    private byte @Nullable [] refused;
    private boolean away;

    /** Says what is wrong with the pipelines of a folder. */
    public interface Check {
        List<Problem> problems(Path folder) throws IOException;
    }

    /** Hears of what an operator should know. */
    public interface Listener {

        /** A new version can't be used; the one before goes on. */
        void refused(String url, List<Problem> problems);

        /** The URL does not give what it should; the version that is there goes on. */
        void away(String url, String reason);

        void back(String url);
    }

    private RemoteFolder(URI url, RemoteConfig config, LocalCopy copy, Check check, Listener listener) {
        this.url = url;
        this.config = config;
        this.copy = copy;
        this.check = check;
        this.listener = listener;
        this.client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        this.poller = new Repeating("remote-folder", config.every(), this::fetch);
    }

    /**
     * Fetches what is there, and begins to ask for what is new.
     *
     * @param url of a ZIP archive of a folder, or of a pipeline file
     * @param home where Millrace keeps everything of its own; the copy is kept there
     * @throws IOException where there is nothing that can be used, neither at the URL nor from an earlier time
     */
    public static RemoteFolder open(URI url, RemoteConfig config, Path home, Check check, Listener listener)
            throws IOException, InterruptedException {
        RemoteFolder folder = new RemoteFolder(url, config, LocalCopy.of(url.toString(), home), check, listener);
        boolean opened = false;
        try {
            folder.fetch();
            if (!folder.copy.isThere()) {
                throw new IOException("There are no pipelines to start with: " + folder.shown()
                        + " gave none that can be used, and there is no copy from an earlier time.");
            }
            folder.poller.start();
            opened = true;
            return folder;
        } finally {
            if (!opened) {
                folder.client.close();
            }
        }
    }

    /** The copy. Files in it are replaced one by one when there is a new version. */
    public Path folder() {
        return copy.folder();
    }

    private void fetch() throws InterruptedException {
        try {
            HttpResponse<byte[]> answer =
                    client.send(request(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), Bundle.MOST_BYTES));
            switch (answer.statusCode()) {
                case 200 -> take(answer);
                case 304 -> refused = null;
                default -> throw new IOException("it answered with status " + answer.statusCode());
            }
            if (away) {
                away = false;
                listener.back(shown());
            }
        } catch (IOException e) {
            if (!away && !closed) {
                away = true;
                listener.away(shown(), Objects.requireNonNullElse(e.getMessage(), "it can't be reached"));
            }
        }
    }

    private HttpRequest request() throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(ANSWER)
                .header("Accept", "application/zip, application/yaml, text/yaml;q=0.9, */*;q=0.5")
                .GET();
        copy.tag().ifPresent(tag -> request.header("If-None-Match", tag));
        if (config.token() != null) {
            request.header("Authorization", "Bearer " + config.token().reveal());
        }
        return request.build();
    }

    private void take(HttpResponse<byte[]> answer) throws IOException {
        byte[] body = answer.body();
        if (Arrays.equals(body, refused)) {
            return;
        }
        Bundle bundle = Bundle.of(body, fileName());
        Path staged = copy.stage(bundle);
        List<Problem> problems = check.problems(staged).stream()
                .map(problem -> named(problem, staged))
                .toList();
        if (!problems.isEmpty()) {
            refused = body;
            listener.refused(shown(), problems);
            return;
        }
        refused = null;
        Optional<String> tag = answer.headers().firstValue("ETag");
        copy.take(bundle, tag);
    }

    /** A problem with a file as it is called in the archive, not here. */
    private static Problem named(Problem problem, Path staged) {
        Path file = Path.of(problem.file());
        return file.startsWith(staged)
                ? new Problem(
                        staged.relativize(file).toString(),
                        problem.line(),
                        problem.column(),
                        problem.message(),
                        problem.sourceLine())
                : problem;
    }

    private String fileName() {
        String path = url.getPath() == null ? "" : url.getPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.endsWith(".yaml") || name.endsWith(".yml") ? name : "pipeline.yaml";
    }

    /** The URL without what may be a secret in it. */
    private String shown() {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port + (url.getPath() == null ? "" : url.getPath());
    }

    /** Stops asking. The copy stays. */
    @Override
    public void close() {
        closed = true;
        poller.close();
        client.shutdownNow();
        client.close();
    }
}
