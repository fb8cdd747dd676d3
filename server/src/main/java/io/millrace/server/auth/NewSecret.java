package io.millrace.server.auth;

/**
 * A secret that was just made. It is kept nowhere and can't be told again.
 *
 * @param clientId whose it is
 * @param secret to be shown to a person once, and logged never
 */
public record NewSecret(String clientId, String secret) {

    /** Without the secret. */
    @Override
    public String toString() {
        return "NewSecret[clientId=" + clientId + "]";
    }
}
