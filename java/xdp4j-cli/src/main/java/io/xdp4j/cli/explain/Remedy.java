// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.explain;

import io.xdp4j.cli.receive.AdviceReport;
import io.xdp4j.cli.receive.Backend;
import io.xdp4j.cli.receive.ReceiveSettings;
import io.xdp4j.ledger.Advice;
import io.xdp4j.ledger.Demand;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.xdp.Umem;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What to change for all flows of a run together, for they share its settings.
 *
 * @param settings only those that are not in force already
 */
public record Remedy(Advice.Settings settings) {
    /**
     * @param inForce when the ledger was kept
     * @param ringsAtLeastDefault whether to go on to the default rings even when these here would do
     */
    public static Remedy of(LedgerSnapshot ledger, ReceiveSettings inForce, boolean ringsAtLeastDefault) {
        int ring = ringsAtLeastDefault ? Umem.DEFAULT_RING : 0;
        if (isTight(ledger, inForce)) {
            ring = demand(ledger).orElseThrow().ring(Umem.DEFAULT_RING);
        }
        boolean generic = ledger.advice().stream().anyMatch(advice -> advice.settings().generic());
        boolean spin = ledger.advice().stream().anyMatch(advice -> advice.settings().spin());
        return new Remedy(inForce.lacking(new Advice.Settings(
                Math.max(ring, most(ledger, Advice.Settings::fillRing)),
                Math.max(ring, most(ledger, Advice.Settings::rxRing)),
                most(ledger, Advice.Settings::frameSize),
                queues(ledger),
                most(ledger, Advice.Settings::receiveBufferBytes),
                generic,
                spin)));
    }

    /** Whether nothing was lost, and the ring has no margin for more than what was measured. */
    private static boolean isTight(LedgerSnapshot ledger, ReceiveSettings inForce) {
        return ledger.lost() == 0
                && inForce.backend() == Backend.XDP
                && demand(ledger)
                        .filter(demand -> demand.ring(1) > Math.min(inForce.xdp().fillRing(), inForce.xdp().rxRing()))
                        .isPresent();
    }

    /** What had to be bridged, by the flow that asked most of it. */
    static Optional<Demand> demand(LedgerSnapshot ledger) {
        return ledger.demands().stream().max(Comparator.comparingLong(Demand::packets));
    }

    boolean isEmpty() {
        return settings.equals(Advice.Settings.NONE);
    }

    /** As words of a command line. */
    public List<String> options() {
        return AdviceReport.options(settings);
    }

    /** 0 when no advice names it. */
    private static int most(LedgerSnapshot ledger, Function<Advice.Settings, Integer> setting) {
        return ledger.advice().stream()
                .map(advice -> setting.apply(advice.settings()))
                .flatMap(Stream::ofNullable)
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }

    /** All that any flow needs beside those that there are; null when no advice names one. */
    private static List<Integer> queues(LedgerSnapshot ledger) {
        List<Integer> queues = ledger.advice().stream()
                .map(advice -> advice.settings().queues())
                .flatMap(Stream::ofNullable)
                .flatMap(List::stream)
                .distinct()
                .sorted()
                .toList();
        return queues.isEmpty() ? null : queues;
    }
}
