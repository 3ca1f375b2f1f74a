// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.jni.NetdevNative;
import io.xdp4j.packet.KernelException;

/**
 * A network interface as the kernel knows it. {@link java.net.NetworkInterface} does not see those without an address,
 * and knows no queues.
 *
 * @param name for example {@code eth1}
 * @param index of the interface in its network namespace
 * @param mtuBytes bytes of an IP packet
 * @param rxQueues in use; 1 where the driver does not tell
 * @param up whether it is meant to be up (IFF_UP)
 * @param loopback whether it is the loopback, which has no Ethernet headers (IFF_LOOPBACK)
 * @param numaNode the NUMA node that its device is attached to ({@code /sys/class/net/IF/device/numa_node}); -1 when
 *     there is none, as with a veth, or when it is unknown, as without the /sys of this network namespace
 */
public record NetDevice(
        String name, int index, int mtuBytes, int rxQueues, boolean up, boolean loopback, int numaNode) {
    /**
     * Asks the kernel. Needs no privilege.
     *
     * @param name for example {@code eth1}
     * @return the interface as it is now
     * @throws KernelException ENODEV when there is none of that name
     * @throws UnsupportedOperationException when the native library is not there
     */
    public static NetDevice find(String name) throws KernelException {
        NativeLibrary.require();
        long[] netdev = NetdevNative.find(name);
        return new NetDevice(
                name,
                (int) netdev[NetdevNative.INDEX],
                (int) netdev[NetdevNative.MTU],
                (int) netdev[NetdevNative.RX_QUEUES],
                netdev[NetdevNative.UP] == 1,
                netdev[NetdevNative.LOOPBACK] == 1,
                (int) netdev[NetdevNative.NUMA_NODE]);
    }
}
