package io.millrace.server;

import io.millrace.engine.live.LiveListener;

/** Hears of what an operator should know. Called by several threads; must return soon. */
public interface ServerListener extends LiveListener {

    /** Something is not as it should be, and the server goes on. */
    default void warning(String message) {}
}
