// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import io.xdp4j.packet.Flow;
import java.util.Arrays;

/** Which flow an id stands for; an id may come to stand for another one. Threads: any. */
final class FlowNames {
    private volatile Flow[] flows = {}; // an array is never changed once it is here

    synchronized void put(int id, Flow flow) {
        Flow[] more = Arrays.copyOf(flows, Math.max(flows.length, id + 1));
        more[id] = flow;
        flows = more;
    }

    /** Null when it stands for none, as a worker might claim. */
    Flow of(int id) {
        Flow[] known = flows;
        return id < known.length ? known[id] : null;
    }
}
