// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import io.xdp4j.jni.SteerNative;
import io.xdp4j.packet.KernelException;
import java.lang.reflect.Field;

/** A mistake that {@link XdpProgram#redirect} does not let one make. */
public final class MisdirectedSlot {
    private MisdirectedSlot() {}

    /**
     * Sends the packets of a flow that arrive on {@code queue} into a socket that is bound to another queue.
     *
     * @param flow the id that {@link XdpProgram#add} gave
     */
    public static void set(XdpProgram program, int flow, int queue, XdpSocket socket)
            throws KernelException, ReflectiveOperationException {
        Field handle = XdpProgram.class.getDeclaredField("handle");
        handle.setAccessible(true);
        long steer = handle.getLong(program);
        int longest = socket.umem().longestPacket();
        socket.redirectHere(program, fd -> SteerNative.setSocket(steer, flow, queue, fd, longest));
    }
}
