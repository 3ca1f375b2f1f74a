// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.benchmarks;

import io.xdp4j.jni.XskNative;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to go from Java to C and back by JNI: once with nothing to do there, and with a batch of packets to be
 * taken from an RX ring. FfmCrossingBenchmark calls the same C functions.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 60, timeUnit = TimeUnit.MILLISECONDS)
public class JniCrossingBenchmark {
    @Benchmark
    public int empty() {
        return RingsNative.empty(0);
    }

    @Benchmark
    public int receive(BatchRings state) {
        return XskNative.receive(state.xsk);
    }
}
