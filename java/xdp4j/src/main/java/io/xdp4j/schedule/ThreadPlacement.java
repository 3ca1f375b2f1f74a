// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.schedule;

import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.jni.ThreadNative;
import io.xdp4j.packet.KernelException;
import java.util.OptionalInt;

/**
 * On which CPU a thread runs, and before which others: the absence of a receiver that the rings must bridge ({@link
 * Receiver#longestAbsenceNs()}) is for a good part its wait for a CPU.
 *
 * <p>With a priority the thread is SCHED_FIFO (sched(7)). It then keeps its CPU from every ordinary thread until it
 * waits by itself, the garbage collector's and the kernel's own among them; one that never waits ({@link
 * IdleStrategy#spin()}, {@link IdleStrategy#yield()}) starves whatever is bound to that CPU, and a JVM whose collector
 * waits for a thread there stands still. The kernel then stops the realtime thread for 50 ms of each second, in which
 * packets wait: {@code /proc/sys/kernel/sched_rt_runtime_us} is what realtime threads may take of each {@code
 * sched_rt_period_us}, and -1 lifts the limit; from Linux 6.12 on it stops them only while an ordinary thread wants the
 * CPU. So: with a priority let it sleep or poll, or give it a CPU that nothing else needs.
 *
 * @param cpu the only one that it runs on, from 0; empty: as before. Threads that it starts inherit it, and
 *     {@link Runtime#availableProcessors()} may then say 1
 * @param priority of SCHED_FIFO, 1 to 99, before all lower ones; empty: as before. Threads that it starts are ordinary.
 *     The kernel's interrupt threads have 50, if it uses such
 */
public record ThreadPlacement(OptionalInt cpu, OptionalInt priority) {
    /** Wherever and whenever the kernel likes. */
    public static final ThreadPlacement NONE = new ThreadPlacement(OptionalInt.empty(), OptionalInt.empty());

    private static final int MAX_PRIORITY = 99;

    /**
     * Checks what no kernel has.
     *
     * @param cpu see {@link #cpu()}
     * @param priority see {@link #priority()}
     */
    public ThreadPlacement {
        if (cpu.isPresent() && cpu.getAsInt() < 0) {
            throw new IllegalArgumentException("CPU " + cpu.getAsInt() + ": they count from 0");
        }
        if (priority.isPresent() && (priority.getAsInt() < 1 || priority.getAsInt() > MAX_PRIORITY)) {
            throw new IllegalArgumentException(
                    "SCHED_FIFO priority " + priority.getAsInt() + ": use 1 to " + MAX_PRIORITY);
        }
    }

    /**
     * Places the calling thread, for as long as it lives. The CPU comes first, and stays when the priority is refused.
     *
     * @throws KernelException EINVAL names the CPUs that the thread may have; EPERM without CAP_SYS_NICE or {@code
     *     ulimit -r}
     * @throws UnsupportedOperationException when there is something to do and the native library is not there
     */
    public void apply() throws KernelException {
        if (equals(NONE)) {
            return;
        }
        NativeLibrary.require();
        if (cpu.isPresent()) {
            ThreadNative.pin(cpu.getAsInt());
        }
        if (priority.isPresent()) {
            ThreadNative.realtime(priority.getAsInt());
        }
    }
}
