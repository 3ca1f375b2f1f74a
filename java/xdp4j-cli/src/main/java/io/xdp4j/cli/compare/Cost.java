// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import java.util.List;

/**
 * What a packet cost one receiver at one load, over all rounds: nanoseconds by packet received. The order is that of
 * the JSON.
 *
 * @param rounds that were run
 * @param lost packets, of all rounds together
 * @param lateRounds in which the sender did not hold the rate
 * @param user CPU time in user mode
 * @param system CPU time in the kernel
 * @param cpu user and system time
 * @param busy time of the looks that brought packets
 * @param toPeer these by the C program's; null without it
 */
record Cost(
        String backend,
        long offeredPps,
        String idle,
        int rounds,
        long lost,
        int lateRounds,
        Spread user,
        Spread system,
        Spread cpu,
        Spread busy,
        Ratios toPeer) {
    /**
     * Of the medians; each null where the C program's is 0.
     *
     * @param compared what is to be compared: busy with a strategy that never waits, else cpu
     */
    record Ratios(Double user, Double system, Double cpu, Double busy, Double compared) {}

    /** @param cells of one backend at one load */
    static Cost of(List<Cell> cells) {
        Cell first = cells.get(0);
        return new Cost(
                first.backend(),
                first.offeredPps(),
                first.idle(),
                cells.size(),
                cells.stream().mapToLong(Cell::lost).sum(),
                (int) cells.stream().filter(Cell::late).count(),
                Spread.of(cells, Cell::userNsPerPacket),
                Spread.of(cells, Cell::systemNsPerPacket),
                Spread.of(cells, Cell::cpuNsPerPacket),
                Spread.of(cells, Cell::busyNsPerPacket),
                null);
    }

    Cost comparedTo(Cost peer, boolean byBusy) {
        Double cpuRatio = Spread.ratio(cpu, peer.cpu);
        Double busyRatio = Spread.ratio(busy, peer.busy);
        return new Cost(
                backend,
                offeredPps,
                idle,
                rounds,
                lost,
                lateRounds,
                user,
                system,
                cpu,
                busy,
                new Ratios(
                        Spread.ratio(user, peer.user),
                        Spread.ratio(system, peer.system),
                        cpuRatio,
                        busyRatio,
                        byBusy ? busyRatio : cpuRatio));
    }
}
