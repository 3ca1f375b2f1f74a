// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.jni.NetdevNative;
import io.xdp4j.packet.KernelException;
import java.util.Objects;

/**
 * A network interface as the kernel knows it. {@link java.net.NetworkInterface} does not see those without an address,
 * and knows no queues.
 *
 * @param name for example {@code eth1}
 * @param index of the interface in its network namespace
 * @param mtuBytes bytes of an IP packet
 * @param rxQueues in use; 1 where the driver does not tell
 * @param up whether it is meant to be up (IFF_UP)
 */
public record NetDevice(String name, int index, int mtuBytes, int rxQueues, boolean up) {
    /**
     * Asks the kernel. Needs no privilege.
     *
     * @param name for example {@code eth1}
     * @throws KernelException ENODEV when there is none of that name
     * @throws UnsupportedOperationException when the native library is not there
     */
    public static NetDevice find(String name) throws KernelException {
        NativeLibrary.require();
        long[] netdev = new long[4];
        NetdevNative.find(Objects.requireNonNull(name, "name"), netdev);
        return new NetDevice(name, (int) netdev[0], (int) netdev[1], (int) netdev[2], netdev[3] == 1);
    }
}
