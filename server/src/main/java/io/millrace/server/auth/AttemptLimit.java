package io.millrace.server.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;

/**
 * How often a secret may be tried: so many times at once, and one more for each interval that passes, by client and
 * address and by address alone. Not by client alone, or a stranger could lock a client out. An attempt is taken before
 * it is made, so that many at once don't slip through, and given back where the secret was right. Safe for use by many
 * threads.
 */
final class AttemptLimit {

    /**
     * A bucket that holds a number of attempts and fills up again.
     *
     * @param burst how many it holds
     * @param refill how long one takes to come back
     */
    record Rate(int burst, Duration refill) {}

    private static final Rate PER_CLIENT = new Rate(10, Duration.ofSeconds(6));
    private static final Rate PER_ADDRESS = new Rate(50, Duration.ofSeconds(1));
    private static final int MOST_REMEMBERED = 100_000;

    /** Of one client at one address; or, with an empty client, of the address. */
    private record Key(String client, String address) {}

    /** The time at which the bucket is full again; from that follows how many attempts are in it now. */
    private record Bucket(long fullAtMillis) {}

    private final InstantSource clock;
    private final Cache<Key, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .executor(Runnable::run)
            .build();

    AttemptLimit(InstantSource clock) {
        this.clock = clock;
    }

    /** Takes an attempt. Answers how long to wait where there is none left; nothing is taken then. */
    Optional<Duration> take(String client, String address) {
        String network = network(address);
        Optional<Duration> wait = take(new Key("", network), PER_ADDRESS);
        if (wait.isPresent()) {
            return wait;
        }
        wait = take(new Key(client, network), PER_CLIENT);
        if (wait.isPresent()) {
            giveBack(new Key("", network), PER_ADDRESS);
        }
        return wait;
    }

    /** Gives an attempt back that was taken with the same words. */
    void giveBack(String client, String address) {
        String network = network(address);
        giveBack(new Key(client, network), PER_CLIENT);
        giveBack(new Key("", network), PER_ADDRESS);
    }

    private Optional<Duration> take(Key key, Rate rate) {
        long now = clock.millis();
        long refill = rate.refill().toMillis();
        long[] wait = {0};
        buckets.asMap().compute(key, (k, bucket) -> {
            long fullAt = bucket == null ? now : Math.max(now, bucket.fullAtMillis());
            // A clock that was set back must not lock anybody out for as long.
            fullAt = Math.min(fullAt, now + refill * rate.burst());
            long over = fullAt + refill - (now + refill * rate.burst());
            if (over > 0) {
                wait[0] = over;
                return new Bucket(fullAt);
            }
            return new Bucket(fullAt + refill);
        });
        return wait[0] == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(wait[0]));
    }

    private void giveBack(Key key, Rate rate) {
        buckets.asMap().computeIfPresent(key, (k, bucket) -> {
            long fullAt = bucket.fullAtMillis() - rate.refill().toMillis();
            return fullAt <= clock.millis() ? null : new Bucket(fullAt);
        });
    }

    /** One subscriber has a whole /64 of IPv6 addresses and could use a new one for each attempt. */
    private static String network(String address) {
        try {
            byte[] bytes = InetAddress.ofLiteral(address).getAddress();
            if (bytes.length == 16) {
                return HexFormat.of().formatHex(bytes, 0, 8);
            }
        } catch (IllegalArgumentException e) {
            // A name, a path of a local socket: taken as it is.
            return address;
        }
        return address;
    }
}
