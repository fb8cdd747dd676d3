package io.millrace.cli.send;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** There is no token. */
public final class TokenException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;
    private final long waitSeconds;

    private TokenException(String message, boolean passing, Optional<Duration> wait) {
        super(message);
        this.passing = passing;
        this.waitSeconds = wait.map(Duration::toSeconds).orElse(-1L);
    }

    /** The issuer refuses. */
    public static TokenException refused(String message) {
        return new TokenException(message, false, Optional.empty());
    }

    /** The issuer can't be reached or is too busy; {@code wait} is how long it asks to wait. */
    public static TokenException later(String message, Optional<Duration> wait) {
        return new TokenException(message, true, wait);
    }

    /** Whether there may be one another time. */
    boolean passing() {
        return passing;
    }

    Optional<Duration> retryAfter() {
        return waitSeconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(waitSeconds));
    }
}
