// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.benchmarks;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What every way to take a batch from the rings takes it from. */
@State(Scope.Thread)
public class BatchRings {
    /** That of the question's rings. Their descriptors fit into the caches: it is the code that is measured. */
    private static final int DEPTH = 2048;

    /** Packets of a batch. A score is of a call; divided by this it is of a packet. */
    @Param({"1", "8", "32", "64", "256"})
    public int batch;

    Rings rings;
    long xsk;

    @Setup(Level.Trial)
    public void open() {
        rings = new Rings(DEPTH, batch);
        xsk = rings.xsk();
    }

    @Setup(Level.Iteration)
    public void replenish() {
        rings.replenish();
    }

    @TearDown(Level.Iteration)
    public void requirePackets() {
        rings.requirePackets();
    }

    @TearDown(Level.Trial)
    public void close() {
        rings.close();
    }
}
