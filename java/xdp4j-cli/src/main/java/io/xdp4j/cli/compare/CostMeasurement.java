// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.Machine;
import io.xdp4j.cli.receive.Idle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code compare --cost}: what a packet costs the receiver in Java and the one in C, in turns, load by load. */
final class CostMeasurement implements Measurement {
    /**
     * What both do at the same time.
     *
     * @param offeredPps packets a second, carried by one flow
     */
    record Load(long offeredPps, Idle idle) {}

    private final CostSettings settings;
    private final PlannedCells planned;

    CostMeasurement(List<Backend> backends, List<Load> loads, int rounds, int seconds, int sizeBytes, Cpus cpus) {
        this.planned = new PlannedCells(plans(backends, loads, rounds, seconds));
        this.settings = new CostSettings(
                backends.stream().map(Backend::toString).toList(),
                loads.stream()
                        .map(load -> new CostSettings.Load(load.offeredPps(), load.idle().text()))
                        .toList(),
                1,
                backends.get(0).ringDescriptors(),
                CellRun.BATCH,
                rounds,
                seconds,
                sizeBytes,
                cpus.explained());
    }

    /** In turns, so that what the machine does meanwhile meets both alike. */
    static List<Plan> plans(List<Backend> backends, List<Load> loads, int rounds, int seconds) {
        List<Plan> plans = new ArrayList<>();
        for (Load load : loads) {
            for (int round = 0; round < rounds; round++) {
                backends.forEach(backend ->
                        plans.add(Plan.ofOneFlow(backend, load.idle(), load.offeredPps(), seconds)));
            }
        }
        return plans;
    }

    @Override
    public void run(CellRun cellRun, Progress progress) throws IOException, InterruptedException, CellFailed {
        planned.run(cellRun, progress, cell -> Figures.rounded(cell.cpuNsPerPacket()) + " ns of CPU time a packet, "
                + Figures.rounded(cell.busyNsPerPacket()) + " ns busy, lost " + Figures.count(cell.lost()));
    }

    @Override
    public boolean isEmpty() {
        return planned.cells().isEmpty();
    }

    @Override
    public String reached() {
        return planned.reached();
    }

    @Override
    public CostReport findings(boolean complete, Machine machine) {
        return CostReport.of(complete, machine, settings, planned.cells());
    }
}
