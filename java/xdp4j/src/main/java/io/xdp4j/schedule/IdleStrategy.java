// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.schedule;

import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.jni.ThreadNative;
import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketSource;
import java.util.concurrent.locks.LockSupport;

/**
 * What a receiver does when a visit to its sources brought nothing.
 *
 * <p>A strategy belongs to one receiver: its implementations may keep state.
 */
public interface IdleStrategy {
    /**
     * Called by the receiving thread after a visit that brought nothing.
     *
     * @param source one of the sources just visited, to block on
     * @throws KernelException when the kernel refused to wait
     */
    void idle(PacketSource source) throws KernelException;

    /**
     * {@return whether a packet that arrives ends {@link #idle}: such a wait is no absence of the receiver, see {@link
     * Receiver#longestAbsenceNs()}}
     */
    default boolean endsWithAPacket() {
        return false;
    }

    /**
     * Looks again at once: lowest latency, a whole CPU.
     *
     * @return a strategy for one receiver
     */
    static IdleStrategy spin() {
        return source -> Thread.onSpinWait();
    }

    /**
     * Lets other threads run first: a whole CPU only while nobody else wants it.
     *
     * @return a strategy for one receiver
     */
    static IdleStrategy yield() {
        return source -> Thread.yield();
    }

    /**
     * Sleeps. Cheapest at high rates, since a visit then finds many packets; the rings must hold what arrives
     * meanwhile. Up to 10 ms it sleeps in the kernel where the native library is there, and otherwise parks, which
     * takes two microseconds more of the CPU each time; only a park is ended by an interrupt.
     *
     * @param nanoseconds how long at least, above 0; the kernel adds its timer slack and the wait for a CPU
     * @return a strategy for one receiver
     */
    static IdleStrategy sleep(long nanoseconds) {
        if (nanoseconds <= 10_000_000 && NativeLibrary.failure().isEmpty()) {
            return source -> ThreadNative.sleep(nanoseconds);
        }
        return source -> LockSupport.parkNanos(nanoseconds);
    }

    /**
     * Blocks in poll(2) until a packet is there: cheapest at low rates. Looks every 100 ms whether it is to end.
     *
     * @return a strategy for one receiver
     */
    static IdleStrategy poll() {
        return new IdleStrategy() {
            @Override
            public void idle(PacketSource source) throws KernelException {
                source.await(100);
            }

            @Override
            public boolean endsWithAPacket() {
                return true;
            }
        };
    }
}
