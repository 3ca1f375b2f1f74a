// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Machine;
import io.xdp4j.cli.page.Page;
import java.util.ArrayList;
import java.util.List;

/**
 * All that a run has to say; what {@code --json} writes, in this order.
 *
 * @param complete whether all cells ran
 * @param verdict line by line
 */
record Comparison(boolean complete, Machine machine, Settings settings, List<Cell> cells, List<String> verdict)
        implements Measurement.Findings {
    @Override
    public Page page() {
        return GridPage.of(this);
    }

    @Override
    public List<String> report() {
        List<String> lines = new ArrayList<>();
        lines.add(machine.explained());
        lines.add(settings.placement() + "; frames of " + settings.sizeBytes() + " bytes, " + settings.seconds()
                + " s a cell");
        lines.add("");
        lines.addAll(Table.lines(cells));
        lines.add("");
        lines.addAll(Table.legend(cells));
        lines.add("");
        lines.addAll(verdict);
        return lines;
    }
}
