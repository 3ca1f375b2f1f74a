// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.Interruption;
import io.xdp4j.cli.ProcessGroup;
import io.xdp4j.cli.Signals;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * SIGHUP asks to read the flows again, as long as this is open; else it ends a program. It ends this one as well when
 * it comes because the terminal has gone, by which nobody asks for anything: a run that nobody sees would go on.
 */
final class ReloadSignal implements AutoCloseable {
    private static final int HANGUP_EXIT = 128 + 1;

    private final boolean hadTerminal = ProcessGroup.hasTerminal();
    private final AtomicBoolean come = new AtomicBoolean();
    private final Runnable putBack;

    private ReloadSignal(Interruption sleeper) {
        putBack = Signals.handle("HUP", () -> {
            if (hadTerminal && !ProcessGroup.hasTerminal()) {
                System.exit(HANGUP_EXIT); // in order, as the JVM itself does on this signal
            }
            come.set(true);
            sleeper.wake();
        });
    }

    /** @param sleeper which is woken by each */
    static ReloadSignal watch(Interruption sleeper) {
        return new ReloadSignal(sleeper);
    }

    /** Whether it has come since the last call. */
    boolean hasCome() {
        return come.getAndSet(false);
    }

    @Override
    public void close() {
        putBack.run();
    }
}
