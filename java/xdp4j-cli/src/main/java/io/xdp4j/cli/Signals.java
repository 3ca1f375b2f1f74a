// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * What a signal does. Java has no other way to one than {@code sun.misc.Signal}, of module {@code jdk.unsupported}; it
 * is called by reflection, for javac warns of its name and cannot be told not to.
 */
public final class Signals {
    private Signals() {}

    /**
     * @param name without SIG, for example {@code HUP}
     * @param action runs in a thread of the JVM's
     * @return what puts back what the signal did before
     */
    public static Runnable handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            Object of = signal.getConstructor(String.class).newInstance(name);
            Object handling = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getDeclaringClass() == handler) {
                            action.run();
                            return null;
                        }
                        return method.invoke(action, arguments);
                    });
            Object before = handle.invoke(null, of, handling);
            return () -> putBack(handle, of, before);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIG" + name + " cannot be handled by this JVM: " + e, e);
        }
    }

    /** INT, TERM and HUP: for a process that another one ends in order, while these reach both. */
    public static void leaveToParent() {
        for (String signal : List.of("INT", "TERM", "HUP")) {
            handle(signal, () -> {});
        }
    }

    private static void putBack(Method handle, Object signal, Object before) {
        try {
            handle.invoke(null, signal, before);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
