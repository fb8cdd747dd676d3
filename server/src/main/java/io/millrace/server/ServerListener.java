package io.millrace.server;

import io.millrace.engine.live.LiveListener;
import io.millrace.server.ops.Notice;

/** Hears of what an operator should know. Called by several threads; must return soon. */
public interface ServerListener extends LiveListener {

    /** Something else. */
    default void notice(Notice notice) {}
}
