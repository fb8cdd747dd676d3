package io.millrace.cli;

import io.millrace.api.SinkException;
import io.millrace.api.SourceException;
import io.millrace.server.auth.AuthException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Says what went wrong: one message for what a user can put right, a stack trace for what only we can. */
final class Failures {

    private Failures() {}

    /** Prints what a person needs and returns the exit code. */
    static int report(Exception e, Terminal terminal, boolean debug) {
        terminal.out().flush();
        String message = outOfMemory(e)
                ? "out of memory; give Java more, with MILLRACE_JAVA_OPTS=-Xmx1g for instance"
                : message(e);
        if (message == null) {
            terminal.err()
                    .println("millrace: this is a bug in Millrace; what was committed is safe. Please report it"
                            + " with the command you ran, 'millrace version' and these lines:");
            e.printStackTrace(terminal.err());
            return ExitCode.FAILED;
        }
        terminal.err().println("millrace: " + message);
        if (debug) {
            e.printStackTrace(terminal.err());
        }
        return e instanceof UserException mistake ? mistake.exitCode() : ExitCode.FAILED;
    }

    private static boolean outOfMemory(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return true;
            }
        }
        return false;
    }

    /** What to tell the user of something that could not be read or written. */
    static String text(IOException e) {
        return String.valueOf(message(e));
    }

    /** What to tell the user; null where it is nothing that a user could have caused. */
    private static @Nullable String message(Throwable e) {
        return switch (e) {
            case UserException _, SinkException _, SourceException _, AuthException _ -> said(e);
            case UncheckedIOException wrapper ->
                wrapper.getCause() == null ? said(wrapper) : message(wrapper.getCause());
            case NoSuchFileException missing -> missing.getFile() + ": no such file or folder";
            case FileNotFoundException missing -> said(missing);
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case FileSystemException files ->
                files.getFile() + ": " + (files.getReason() == null ? "can't be used" : files.getReason());
            case IOException io -> said(io);
            case SQLException sql -> said(sql);
            case InterruptedException _ -> "interrupted";
            default -> null;
        };
    }

    private static String said(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
