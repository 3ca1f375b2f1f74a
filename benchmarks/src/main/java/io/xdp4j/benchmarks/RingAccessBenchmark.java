// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a batch costs without any call: Java itself works on the rings that {@link JniCrossingBenchmark} has. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 60, timeUnit = TimeUnit.MILLISECONDS)
public class RingAccessBenchmark {
    /** Java's view of the rings. */
    @State(Scope.Thread)
    public static class View {
        private RingReceiver receiver;

        @Setup(Level.Trial)
        public void open(BatchRings state) {
            receiver = new RingReceiver(state.rings);
        }
    }

    @Benchmark
    public int receive(View view, BatchRings state) {
        return view.receiver.receive();
    }
}
