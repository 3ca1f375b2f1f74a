// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.Interruption;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.rtp.RtpStatistics;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Receives for a while, and says once a second what came. */
public final class ReceiveRun {
    private static final long REPORT_NS = 1_000_000_000;

    private final ReceiveSettings settings;
    private final ReceiveText text;
    private final Interruption interruption;

    private ReceiveRun(ReceiveSettings settings, ReceiveText text, Interruption interruption) {
        this.settings = settings;
        this.text = text;
        this.interruption = interruption;
    }

    /**
     * Opens the sockets, receives, and closes them.
     *
     * @param seconds how long; null until a signal comes
     * @param interruption which ends it early
     * @throws IOException when it could not even begin, or its counters cannot be read
     */
    public static Received receive(
            ReceiveSettings settings, Integer seconds, ReceiveText text, Interruption interruption)
            throws IOException {
        try (Reception reception = Reception.start(settings)) {
            text.receiving(settings, reception.inForce());
            return reception.finish(new ReceiveRun(settings, text, interruption).watch(reception, seconds));
        }
    }

    /** Until the time is over or a signal comes; or what went wrong, if that ended it. */
    private Optional<String> watch(Reception reception, Integer seconds) throws IOException {
        InterfaceWatch interfaceWatch = new InterfaceWatch(settings.device());
        long start = System.nanoTime();
        long previous = start;
        List<RtpStatistics> before = reception.snapshots();
        for (int tick = 1; seconds == null || tick <= seconds; tick++) {
            if (!interruption.sleepUntil(start + tick * REPORT_NS)) {
                return Optional.empty();
            }
            long now = System.nanoTime();
            List<RtpStatistics> after = reception.snapshots();
            LedgerSnapshot ledger = reception.ledger();
            text.second(ledger.flows(), before, after, (now - previous) / 1e9);
            previous = now;
            before = after;
            Optional<String> mishap = reception.failure()
                    .map(failure -> "the receiver ended: " + failure.getMessage())
                    .or(interfaceWatch::gone);
            if (mishap.isPresent()) {
                return mishap;
            }
            interfaceWatch.change().ifPresent(text::warning);
        }
        return Optional.empty();
    }
}
