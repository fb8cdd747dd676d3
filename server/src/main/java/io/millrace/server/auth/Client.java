package io.millrace.server.auth;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client as the store knows it, without anything secret.
 *
 * @param id its name
 * @param scopes the most that its tokens may do
 * @param disabled whether it is shut out for now
 * @param created when it was added
 * @param secrets those that work or worked, newest first; never empty
 */
public record Client(String id, Set<Scope> scopes, boolean disabled, Instant created, List<Secret> secrets) {

    public Client {
        scopes = Set.copyOf(scopes);
        secrets = List.copyOf(secrets);
    }

    /**
     * When a secret works.
     *
     * @param created from then on
     * @param expires until then; null where no end is set
     */
    public record Secret(Instant created, @Nullable Instant expires) {}
}
