// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.benchmarks;

import io.xdp4j.jni.NativeLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What {@link JniCrossingBenchmark} measures, by the foreign function interface (Java 22): the same C functions of the
 * same loaded libraries, with the pointer as a {@code long} as JNI has it.
 *
 * <p>Critical: the thread does not leave the state "in Java", so that a call holds up a safepoint for as long as it
 * takes. The library's receive may make a system call.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 60, timeUnit = TimeUnit.MILLISECONDS)
public class FfmCrossingBenchmark {
    private static final MethodHandle EMPTY;
    private static final MethodHandle EMPTY_CRITICAL;
    private static final MethodHandle RECEIVE;
    private static final MethodHandle RECEIVE_CRITICAL;

    static {
        NativeLibrary.require();
        RingsNative.empty(0); // has its library loaded
        Linker.Option critical = Linker.Option.critical(false);
        EMPTY = handle("xdp4j_benchmark_empty");
        EMPTY_CRITICAL = handle("xdp4j_benchmark_empty", critical);
        RECEIVE = handle("xdp4j_xsk_receive");
        RECEIVE_CRITICAL = handle("xdp4j_xsk_receive", critical);
    }

    /** Of {@code int name(void *)}. */
    @SuppressWarnings("restricted") // that is what FFM is
    private static MethodHandle handle(String name, Linker.Option... options) {
        MemorySegment function = SymbolLookup.loaderLookup().find(name).orElseThrow();
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
        return Linker.nativeLinker().downcallHandle(function, type, options);
    }

    @Benchmark
    public int empty() throws Throwable {
        return (int) EMPTY.invokeExact(0L);
    }

    @Benchmark
    public int emptyCritical() throws Throwable {
        return (int) EMPTY_CRITICAL.invokeExact(0L);
    }

    @Benchmark
    public int receive(BatchRings state) throws Throwable {
        return (int) RECEIVE.invokeExact(state.xsk);
    }

    @Benchmark
    public int receiveCritical(BatchRings state) throws Throwable {
        return (int) RECEIVE_CRITICAL.invokeExact(state.xsk);
    }
}
