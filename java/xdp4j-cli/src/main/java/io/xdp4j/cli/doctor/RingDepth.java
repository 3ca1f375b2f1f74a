// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import io.xdp4j.cli.Figures;
import io.xdp4j.ledger.Demand;
import io.xdp4j.xdp.Umem;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The rings that an absence calls for.
 *
 * @param pps packets a second on one queue
 * @param packets that arrive during the absence
 * @param ring that holds them: the next power of two
 * @param ringWithMargin that holds {@value Demand#MARGIN} times as many, for a day has longer absences than a few
 *     seconds; or the deepest that there is
 * @param defaultRing what {@code receive} has unless told otherwise
 */
record RingDepth(long pps, long packets, long ring, int ringWithMargin, int defaultRing) {
    private static final String BESIDE = " Beside --flow:";

    static RingDepth of(long pps, long absenceNs) {
        Demand demand = new Demand(pps, absenceNs);
        long packets = demand.packets();
        return new RingDepth(
                pps,
                packets,
                packets <= 1 ? 1 : Long.highestOneBit(packets - 1) << 1,
                demand.ring(1),
                Umem.DEFAULT_RING);
    }

    /**
     * @param interfaceName that was looked at, if one was
     * @param cpu for a receiver of its own, where no ring is deep enough; empty where none is free for it
     */
    Finding finding(Optional<String> interfaceName, OptionalInt cpu) {
        String found = Figures.count(ring) + " at " + Figures.count(pps) + " packets a second";
        String arrive = Figures.count(packets) + " arrive meanwhile. ";
        String meaning = arrive + "With a margin of " + Demand.MARGIN + " it is " + Figures.count(ringWithMargin)
                + "; the default is " + Figures.count(defaultRing) + ".";
        String mend = "./xdp4j receive" + interfaceName.map(name -> " --interface " + name).orElse("")
                + " --rx-ring " + ringWithMargin + " --fill-ring " + ringWithMargin;
        if (ringWithMargin <= defaultRing) {
            return Finding.ok(Check.RING_DEPTH, found, meaning);
        }
        if (Demand.MARGIN * packets > ringWithMargin) {
            return Finding.problem(
                    Check.RING_DEPTH,
                    found,
                    arrive + "The deepest ring, " + Figures.count(ringWithMargin) + ", has no margin of "
                            + Demand.MARGIN + ": the receiver must not be away for so long." + BESIDE,
                    mend + (cpu.isPresent() ? " --cpu " + cpu.getAsInt() : "") + " --priority 10");
        }
        return packets > defaultRing
                ? Finding.problem(Check.RING_DEPTH, found, meaning + BESIDE, mend)
                : Finding.warning(Check.RING_DEPTH, found, meaning + BESIDE, mend);
    }
}
