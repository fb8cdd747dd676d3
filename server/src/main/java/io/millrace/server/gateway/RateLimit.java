package io.millrace.server.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So many requests of each client a second, and some at once: a token bucket, kept as the one time at which it will be
 * full again (GCRA, ITU-T I.371). Thread-safe.
 */
final class RateLimit {

    private static final int MOST_CLIENTS = 100_000;

    private final long nanosEach;
    private final long nanosAhead;
    private final Cache<String, AtomicLong> fullAt;

    RateLimit(int perSecond, int burst) {
        nanosEach = 1_000_000_000L / perSecond;
        nanosAhead = nanosEach * burst;
        // A bucket that nobody asks for is full again after this.
        fullAt = Caffeine.newBuilder()
                .maximumSize(MOST_CLIENTS)
                .expireAfterAccess(Duration.ofNanos(nanosAhead).plusSeconds(1))
                .executor(Runnable::run)
                .build();
    }

    /**
     * Takes one request of a client.
     *
     * @return 0 where it may go on; otherwise for how many seconds it should wait
     */
    int take(String client, long nowNanos) {
        AtomicLong full = fullAt.get(client, name -> new AtomicLong(nowNanos));
        while (true) {
            long before = full.get();
            long after = (before - nowNanos < 0 ? nowNanos : before) + nanosEach;
            long wait = after - nowNanos - nanosAhead;
            if (wait > 0) {
                return (int) Math.min(3600, Math.ceilDiv(wait, 1_000_000_000L));
            }
            if (full.compareAndSet(before, after)) {
                return 0;
            }
        }
    }
}
