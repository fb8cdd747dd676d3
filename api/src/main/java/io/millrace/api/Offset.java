package io.millrace.api;

import java.io.Serializable;

/**
 * A position in a {@link Split}: everything before it has been read. Only the source that made it can read its text;
 * to everyone else two offsets are equal or not, which is all that the fence of a commit needs.
 *
 * @param text the position as the source writes it
 */
public record Offset(String text) implements Serializable {
    @Override
    public String toString() {
        return text;
    }
}
