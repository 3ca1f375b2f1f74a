// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Cells that are all planned before the first one runs. */
final class PlannedCells {
    private final List<Plan> plans;
    private final List<Cell> cells = new ArrayList<>();

    PlannedCells(List<Plan> plans) {
        this.plans = plans;
    }

    /** @param words what to say of a cell that has run */
    void run(CellRun cellRun, Progress progress, Function<Cell, String> words)
            throws IOException, InterruptedException, CellFailed {
        for (Plan plan : plans) {
            Cell cell = cellRun.run("cell " + (cells.size() + 1) + " of " + plans.size(), plan);
            cells.add(cell);
            progress.finished(words.apply(cell));
        }
    }

    /** Those that have run. */
    List<Cell> cells() {
        return cells;
    }

    /** As {@link Measurement#reached()}. */
    String reached() {
        return cells.size() + " of " + plans.size() + " cells";
    }
}
