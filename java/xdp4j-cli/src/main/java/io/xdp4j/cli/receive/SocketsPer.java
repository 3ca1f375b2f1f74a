// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import java.util.Locale;

/** How many AF_XDP sockets a queue has. */
public enum SocketsPer {
    /** One, in which the flows are told apart by the id in front of each packet. */
    QUEUE,
    /** One for each flow, all on one UMEM, as in the original question. Flows added later share the first. */
    FLOW;

    /** As it is typed and printed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
