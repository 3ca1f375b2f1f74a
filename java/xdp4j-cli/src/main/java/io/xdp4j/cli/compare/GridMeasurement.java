// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.Machine;
import io.xdp4j.cli.receive.Idle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Plain {@code compare}: a cell for each rate, idle strategy and backend. */
final class GridMeasurement implements Measurement {
    private final Settings settings;
    private final PlannedCells planned;

    private GridMeasurement(Settings settings, List<Plan> plans) {
        this.settings = settings;
        this.planned = new PlannedCells(plans);
    }

    static GridMeasurement of(
            List<Long> ratesPps, List<Idle> idles, List<Backend> backends, int seconds, int sizeBytes, Cpus cpus) {
        Settings settings = new Settings(
                ratesPps,
                seconds,
                sizeBytes,
                backends.stream().map(Backend::toString).toList(),
                idles.stream().map(Idle::text).toList(),
                Plan.TWO_FLOWS_ABOVE_PPS,
                cpus.explained());
        return new GridMeasurement(settings, plans(ratesPps, idles, backends, seconds));
    }

    /** Those to be compared with each other one after the other; the question, with its one strategy, once a rate. */
    static List<Plan> plans(List<Long> ratesPps, List<Idle> idles, List<Backend> backends, int seconds) {
        List<Plan> plans = new ArrayList<>();
        for (long rate : ratesPps) {
            for (Idle idle : idles) {
                backends.stream()
                        .filter(backend -> backend != Backend.QUESTION || idle == idles.get(0))
                        .forEach(backend -> plans.add(Plan.of(backend, idle, rate, seconds)));
            }
        }
        return plans;
    }

    @Override
    public void run(CellRun cellRun, Progress progress) throws IOException, InterruptedException, CellFailed {
        planned.run(
                cellRun,
                progress,
                cell -> "sent " + Figures.count(cell.sent()) + ", lost " + Figures.count(cell.lost()));
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
    public Comparison findings(boolean complete, Machine machine) {
        return new Comparison(
                complete, machine, settings, planned.cells(), Verdict.lines(planned.cells(), settings.seconds()));
    }
}
