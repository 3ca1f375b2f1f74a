// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.BadInput;
import io.xdp4j.schedule.ThreadPlacement;
import java.util.List;
import java.util.OptionalInt;

/**
 * On which CPUs the receivers run, and before which others.
 *
 * @param cpus one for each queue, in their order, or one for all; empty: wherever the kernel likes
 * @param priority of SCHED_FIFO, 1 to 99; 0: as ordinary threads
 */
public record Placement(List<Integer> cpus, int priority) {
    static final Placement NONE = new Placement(List.of(), 0);

    private static final int MAX_PRIORITY = 99;

    /** @param index of the queue, among those that are received from */
    ThreadPlacement of(int index) {
        return new ThreadPlacement(
                cpus.isEmpty() ? OptionalInt.empty() : OptionalInt.of(cpus.get(index % cpus.size())),
                priority == 0 ? OptionalInt.empty() : OptionalInt.of(priority));
    }

    /**
     * Checks what needs no kernel.
     *
     * @throws BadInput whose message names the option and the remedy
     */
    void check(List<Integer> queues) {
        if (cpus.size() > 1 && cpus.size() != queues.size()) {
            throw new BadInput("--cpu " + NumberList.text(cpus) + ": there "
                    + (queues.size() == 1 ? "is 1 queue" : "are " + queues.size() + " queues") + " ("
                    + NumberList.text(queues) + "): name a CPU for each, or one for all");
        }
        if (priority < 0 || priority > MAX_PRIORITY) {
            throw new BadInput(
                    "--priority " + priority + ": use 1 to " + MAX_PRIORITY + ", or 0 for ordinary threads");
        }
    }

    /** For a person, behind who receives; empty when there is nothing to say. */
    String words() {
        return (cpus.isEmpty() ? "" : " on CPU " + NumberList.text(cpus))
                + (priority == 0 ? "" : " with SCHED_FIFO priority " + priority);
    }
}
