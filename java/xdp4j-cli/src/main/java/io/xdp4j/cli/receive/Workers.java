// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import java.util.Locale;

/** What receives from the RX queues, one each. */
public enum Workers {
    /** Threads of this process. */
    THREADS,
    /** Processes of their own, which have no privilege and are started again when they die. */
    PROCESSES;

    /** As it is typed and printed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
