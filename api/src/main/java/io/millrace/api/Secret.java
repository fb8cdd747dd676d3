package io.millrace.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A text that must not be shown: a component of a config record of this type is a password or a key. It prints as
 * {@code ***} wherever it ends up by accident: a message, a log, a debugger. Not serialisable on purpose. Immutable.
 */
public final class Secret {
    /** What is shown in the place of every secret. */
    public static final String HIDDEN = "***";

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    public static Secret of(String text) {
        return new Secret(text);
    }

    /** The text, for who has to send it on. */
    public String reveal() {
        return text;
    }

    /** Takes the same time whatever the texts are, but for their lengths. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.UTF_8), secret.text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return HIDDEN;
    }
}
