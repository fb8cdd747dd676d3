package io.millrace.server.auth;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an OpenID provider: found by its issuer URL (OpenID Connect Discovery 1.0), read again from time to time
 * and when a token names one that is not known, and kept while the provider is away. A thread of its own does all the
 * asking, so that nobody hangs where the provider does. Safe for use by many threads.
 */
final class ProviderKeys implements AutoCloseable {

    private static final long MOST_BYTES = 1024 * 1024;

    /** Who waits for a new key holds a request open; a flood of tokens with made-up keys must not hold many. */
    private static final int MOST_WAITING = 100;

    /**
     * How long things take.
     *
     * @param refresh between two looks when all is well
     * @param firstRetry after a first failure; doubled for each further one
     * @param longestRetry after many
     * @param betweenAsked at least so long between looks that tokens with unknown keys ask for
     * @param patience how long such a token waits for the look
     * @param answer how long the provider may take for one answer
     */
    record Timing(
            Duration refresh,
            Duration firstRetry,
            Duration longestRetry,
            Duration betweenAsked,
            Duration patience,
            Duration answer) {

        static Timing of(Duration refresh) {
            return new Timing(
                    refresh,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(5));
        }
    }

    private final AuthConfig.Provider config;
    private final Timing timing;
    private final HttpClient http;
    private final Thread reader;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private final Condition looked = lock.newCondition();

    /** Written under {@link #lock}; null until they are known. */
    private volatile @Nullable KeyRing ring;

    /** Guarded by {@link #lock}, like all below; null where all is well. */
    private @Nullable String problem = "it has not answered yet";

    private boolean asked;
    private boolean closed;
    private int waiting;
    private long looks;

    /** By {@link System#nanoTime}; means something after the first look. */
    private long lastLook;

    /** Begins to look at once and does not wait for it. */
    ProviderKeys(AuthConfig.Provider config, Timing timing) {
        this.config = config;
        this.timing = timing;
        // No redirects: the keys come from where the issuer says, or not at all.
        this.http = HttpClient.newBuilder().connectTimeout(timing.answer()).build();
        this.reader = Thread.ofVirtual().name("openid-keys").start(this::read);
    }

    /** The keys known last; empty until there are any. */
    Optional<KeyRing> ring() {
        return Optional.ofNullable(ring);
    }

    /** Has the provider asked, where that was not done just before, and waits for it within reason. */
    KeyRing newerThan(KeyRing old) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            boolean early = System.nanoTime() - lastLook < timing.betweenAsked().toNanos();
            if (ring == old && !early && !closed && waiting < MOST_WAITING) {
                asked = true;
                wake.signal();
                waiting++;
                try {
                    long seen = looks;
                    long nanos = timing.patience().toNanos();
                    while (looks == seen && nanos > 0) {
                        nanos = looked.awaitNanos(nanos);
                    }
                } finally {
                    waiting--;
                }
            }
            KeyRing now = ring;
            return now == null ? old : now;
        } finally {
            lock.unlock();
        }
    }

    /** How things stand. */
    Readiness readiness() {
        lock.lock();
        try {
            if (problem == null) {
                return new Readiness.Ready();
            }
            String said = "The OpenID provider " + config.issuer() + ": " + problem + ". ";
            return ring == null
                    ? new Readiness.NotReady(
                            said + "It is asked again until it answers; see whether it runs and whether"
                                    + " the issuer URL is right.")
                    : new Readiness.Degraded(said + "Its keys known last are used.");
        } finally {
            lock.unlock();
        }
    }

    private void read() {
        Duration retry = timing.firstRetry();
        try {
            while (true) {
                Duration pause;
                try {
                    KeyRing found = look();
                    looked(found, null);
                    pause = timing.refresh();
                    retry = timing.firstRetry();
                } catch (IOException | ParseException e) {
                    looked(ring, reason(e));
                    pause = retry;
                    retry = retry.multipliedBy(2).compareTo(timing.longestRetry()) < 0
                            ? retry.multipliedBy(2)
                            : timing.longestRetry();
                }
                if (!pause(pause)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            // Only close interrupts this thread, to end it.
            Thread.currentThread().interrupt();
        }
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? "it can't be reached (" + e.getClass().getSimpleName() + ")" : message;
    }

    private void looked(@Nullable KeyRing found, @Nullable String failure) {
        lock.lock();
        try {
            ring = found;
            problem = failure;
            looks++;
            lastLook = System.nanoTime();
            asked = false;
            looked.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it is time to look again or somebody asks; false where it is time to end. */
    private boolean pause(Duration pause) throws InterruptedException {
        lock.lock();
        try {
            long nanos = pause.toNanos();
            while (!closed && !asked && nanos > 0) {
                nanos = wake.awaitNanos(nanos);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private KeyRing look() throws IOException, ParseException, InterruptedException {
        String issuer = config.issuer().toString();
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        Map<String, Object> discovered =
                JSONObjectUtils.parse(get(URI.create(base + "/.well-known/openid-configuration")));
        String says = JSONObjectUtils.getString(discovered, "issuer");
        if (!issuer.equals(says)) {
            throw new IOException("it calls itself " + says + "; configure exactly that as the issuer if it is right");
        }
        URI place = JSONObjectUtils.getURI(discovered, "jwks_uri");
        if (place == null
                || !("https".equals(place.getScheme())
                        || ("http".equals(place.getScheme())
                                && "http".equals(config.issuer().getScheme())))) {
            throw new IOException("its jwks_uri is " + place + "; expected a URL with https");
        }
        JWKSet published = JWKSet.parse(get(place)).toPublicJWKSet();
        KeyRing before = ring;
        // The same object for the same keys: all that was decided by them holds on.
        if (before != null && before.isOf(published)) {
            return before;
        }
        KeyRing found = KeyRing.of(published);
        if (found.isEmpty()) {
            throw new IOException("it publishes no key that signatures can be checked with");
        }
        return found;
    }

    private String get(URI place) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(place)
                .timeout(timing.answer())
                .header("Accept", "application/json")
                .build();
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), MOST_BYTES));
        try {
            // The timeout of the request ends with the headers; a body may take forever.
            HttpResponse<String> response = answer.get(timing.answer().toMillis() * 2, TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException(place + " answered with the status " + response.statusCode());
            }
            return response.body();
        } catch (TimeoutException e) {
            throw new IOException(place + " did not answer in time", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    place + " can't be read (" + cause.getClass().getSimpleName()
                            + (cause.getMessage() == null ? "" : ": " + cause.getMessage()) + ")",
                    cause);
        } finally {
            answer.cancel(true);
        }
    }

    /** Ends the reader and waits for its end. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
        reader.interrupt();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.shutdownNow();
    }
}
