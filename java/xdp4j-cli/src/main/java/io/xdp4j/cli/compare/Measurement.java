// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Machine;
import io.xdp4j.cli.page.Page;
import java.io.IOException;
import java.util.List;

/** What {@code compare} was asked for: a row of cells, and what they say together. */
interface Measurement {
    /** Runs its cells. What they brought up to the moment when this throws is in {@link #findings}. */
    void run(CellRun cellRun, Progress progress) throws IOException, InterruptedException, CellFailed;

    /** Whether there is nothing to say yet. */
    boolean isEmpty();

    /** How far it came, for example {@code 3 of 15 cells}. */
    String reached();

    /** @param complete whether all cells ran */
    Findings findings(boolean complete, Machine machine);

    /** A record: {@code --json} writes its components. */
    interface Findings {
        /** For people, line by line. */
        List<String> report();

        /** The same, and more, for {@code --report}. */
        Page page();
    }
}
