// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.benchmarks;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Rings that have packets in every iteration; a benchmark's state opens them as it needs them. */
@State(Scope.Thread)
public abstract class FilledRings {
    Rings rings;

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
