// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.jni.NetdevNative;
import io.xdp4j.packet.KernelException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What an interface and its driver count of what they receive; since the interface was made, or since its driver last
 * reset them. A driver may refresh them only every second or two.
 *
 * @param driver for example {@code ixgbe}; empty where it has no name
 * @param rxPackets as in {@code struct rtnl_link_stats64} of {@code linux/if_link.h}, like the next four
 * @param rxDropped received but not processed; what that is differs from driver to driver
 * @param rxMissed dropped by the card for want of room in the host
 * @param rxOver receiver ring buffer overflow
 * @param rxFifo receiver FIFO overrun
 * @param ethtool the driver's own counters by name, in its order ({@code ethtool -S}); the values of a name that it
 *     gives several times, once a queue, are added up; empty where it has none
 * @param rxRing descriptors of a queue's ring; 0 where the driver does not tell
 * @param rxRingMax what {@code ethtool -G} can set it to; 0 where the driver does not tell
 */
public record NetDeviceCounters(
        String driver,
        long rxPackets,
        long rxDropped,
        long rxMissed,
        long rxOver,
        long rxFifo,
        Map<String, Long> ethtool,
        int rxRing,
        int rxRingMax) {

    /**
     * Keeps a copy that cannot be changed.
     *
     * @param driver see {@link #driver()}
     * @param rxPackets see {@link #rxPackets()}
     * @param rxDropped see {@link #rxDropped()}
     * @param rxMissed see {@link #rxMissed()}
     * @param rxOver see {@link #rxOver()}
     * @param rxFifo see {@link #rxFifo()}
     * @param ethtool see {@link #ethtool()}
     * @param rxRing see {@link #rxRing()}
     * @param rxRingMax see {@link #rxRingMax()}
     */
    public NetDeviceCounters {
        ethtool = Collections.unmodifiableMap(new LinkedHashMap<>(ethtool));
    }

    /**
     * Asks the kernel; needs no privilege. Most drivers answer within microseconds; those that ask their firmware take
     * milliseconds.
     *
     * @param interfaceName for example {@code eth1}, in the network namespace of the calling thread
     * @return the counters as they are now
     * @throws KernelException ENODEV when there is none of that name, or what the driver says
     * @throws UnsupportedOperationException when the native library is not there
     */
    public static NetDeviceCounters read(String interfaceName) throws KernelException {
        Objects.requireNonNull(interfaceName, "interfaceName");
        NativeLibrary.require();
        long[] link = new long[NetdevNative.LINK_FIELDS];
        String[] driver = new String[1];
        String[][] names = {{}};
        long[][] values = {{}};
        NetdevNative.counters(interfaceName, link, driver, names, values);
        Map<String, Long> ethtool = new LinkedHashMap<>();
        for (int i = 0; i < names[0].length; i++) {
            ethtool.merge(names[0][i].strip(), values[0][i], Long::sum); // some pad their names to align them
        }
        return new NetDeviceCounters(
                driver[0],
                link[NetdevNative.RX_PACKETS],
                link[NetdevNative.RX_DROPPED],
                link[NetdevNative.RX_MISSED],
                link[NetdevNative.RX_OVER],
                link[NetdevNative.RX_FIFO],
                ethtool,
                (int) link[NetdevNative.RX_RING],
                (int) link[NetdevNative.RX_RING_MAX]);
    }

    /** {@return whether the driver has counters of its own ({@code ethtool -S})} */
    public boolean ethtoolSupported() {
        return !ethtool.isEmpty();
    }
}
