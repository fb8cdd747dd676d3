package io.millrace.server.remote;

import io.millrace.api.Doc;
import io.millrace.api.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How pipelines are fetched, in the words of the configuration.
 *
 * @param every how often to ask whether there is something new
 * @param token sent with every request; null for none
 */
@Doc("How pipelines are fetched, where `millrace up` is given a URL.")
public record RemoteConfig(
        @Doc(value = "How often to ask whether there is something new.", byDefault = "30s")
        Duration every,

        @Doc("A bearer token to ask with.") @Nullable Secret token) {

    public RemoteConfig {
        if (every.toMillis() < 1) {
            throw new IllegalArgumentException("every is " + every + "; it must be at least 1ms");
        }
    }
}
