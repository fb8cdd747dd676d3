package io.millrace.server.ops;

import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * What has been thrown, in one line. Messages are repeated only of failures of files and connections: others may quote
 * the value that was at fault, and with it what belongs to a person.
 */
public final class Faults {

    private static final int MOST_FRAMES = 12;

    private Faults() {}

    /** The kinds of it and of its causes, and where they were thrown. */
    public static String told(Throwable thrown) {
        StringBuilder told = new StringBuilder();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable at = thrown; at != null && seen.add(at); at = at.getCause()) {
            told.append(told.isEmpty() ? "" : "; caused by ")
                    .append(at.getClass().getName());
            if (at instanceof IOException && at.getMessage() != null) {
                told.append(": ").append(at.getMessage().replaceAll("\\R", " "));
            }
            StackTraceElement[] frames = at.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, MOST_FRAMES); i++) {
                StackTraceElement frame = frames[i];
                told.append(i == 0 ? " at " : " < ")
                        .append(frame.getClassName()
                                .substring(frame.getClassName().lastIndexOf('.') + 1))
                        .append('.')
                        .append(frame.getMethodName())
                        .append(':')
                        .append(frame.getLineNumber());
            }
        }
        return told.toString();
    }
}
