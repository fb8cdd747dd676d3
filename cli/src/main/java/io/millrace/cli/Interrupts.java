package io.millrace.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What Ctrl-C, SIGTERM and SIGHUP do while something runs that wants to end cleanly: the first asks it to, the second
 * leaves at once.
 *
 * <p>A shutdown hook would not do: once the JVM is shutting down it does not hear a second signal, and it ends with
 * another exit code for SIGTERM. Java's way to handle signals, {@code sun.misc.Signal}, is a supported part of the JDK
 * (JEP 260), but the compiler warns of it in a way that can't be switched off; hence reflection, here only.
 */
final class Interrupts {

    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    private final AtomicInteger received = new AtomicInteger();
    private volatile Runnable first;

    private Interrupts(Runnable first) {
        this.first = first;
    }

    /** Takes over the signals for the rest of this process's life. */
    static Interrupts handledBy(Runnable first) {
        Interrupts interrupts = new Interrupts(first);
        SIGNALS.forEach(signal -> take(signal, interrupts::heard));
        return interrupts;
    }

    /** Leaves Ctrl-C to a program that we have started in the same terminal. */
    static void leftToOthers() {
        take("INT", () -> {});
    }

    /** From now on the first signal does this. Where it has come already, this is done now. */
    void handleBy(Runnable other) {
        first = other;
        if (received.get() > 0) {
            other.run();
        }
    }

    private void heard() {
        if (received.incrementAndGet() == 1) {
            first.run();
        } else {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        }
    }

    private static void take(String name, Runnable hears) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandle run = MethodHandles.lookup()
                    .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                    .bindTo(hears);
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance(name),
                            MethodHandleProxies.asInterfaceInstance(
                                    handler, MethodHandles.dropArguments(run, 0, signal)));
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof IllegalArgumentException)) {
                throw new IllegalStateException("SIG" + name + " can't be handled", e);
            }
            // The JVM was told to leave this signal alone (-Xrs): it ends the process, as for any other program.
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no sun.misc.Signal", e);
        }
    }
}
