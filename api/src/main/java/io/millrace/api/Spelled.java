package io.millrace.api;

/** An enum whose constants are written in files otherwise than by their names in lower case. */
public interface Spelled {
    /** How this constant is written; unlike every other of its enum. */
    String text();
}
