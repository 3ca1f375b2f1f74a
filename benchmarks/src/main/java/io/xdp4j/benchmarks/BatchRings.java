// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.benchmarks;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What every way to take a batch from the rings takes it from. */
@State(Scope.Thread)
public class BatchRings extends FilledRings {
    /** That of the question's rings. Their descriptors fit into the caches: it is the code that is measured. */
    private static final int DEPTH = 2048;

    /** Packets of a batch. A score is of a call; divided by this it is of a packet. */
    @Param({"1", "8", "32", "64", "256"})
    public int batch;

    long xsk;

    @Setup(Level.Trial)
    public void open() {
        rings = new Rings(DEPTH, batch);
        xsk = rings.xsk();
    }
}
