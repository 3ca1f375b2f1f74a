// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.BadInput;
import io.xdp4j.packet.Flow;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.NetDevice;
import io.xdp4j.xdp.Umem;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What {@code receive} was asked to do, checked against the machine.
 *
 * @param device where the flows arrive
 * @param flows at least one, all different
 * @param backend what receives
 * @param queue the RX queue; AF_XDP only
 * @param rxRing descriptors; AF_XDP only
 * @param fillRing descriptors; AF_XDP only
 * @param frameSize bytes; AF_XDP only
 * @param batch packets a call brings at most
 * @param idle what to do when nothing is there
 * @param mode AF_XDP only
 */
record ReceiveSettings(
        NetDevice device,
        List<Flow> flows,
        Backend backend,
        int queue,
        int rxRing,
        int fillRing,
        int frameSize,
        int batch,
        Idle idle,
        Mode mode) {
    /** Ethernet header and two VLAN tags: what a frame holds beyond the interface's MTU. */
    private static final int LINK_HEADER_BYTES = 14 + 8;

    /** As many frames as fit into a buffer of Java: a longer ring could not be filled. */
    private static final int MAX_RX_RING = 1 << 20;

    ReceiveSettings {
        Set<Flow> seen = new HashSet<>();
        for (Flow flow : flows) {
            if (!seen.add(flow)) {
                throw new BadInput("flow " + flow + " is given twice: name each flow once");
            }
        }
        if (!device.up()) {
            throw new BadInput("interface " + device.name() + " is down: ip link set " + device.name() + " up");
        }
        if (batch < 1 || batch > 65_536) {
            throw new BadInput("--batch " + batch + ": use 1 to 65536, for example 64");
        }
    }

    String interfaceName() {
        return device.name();
    }

    /**
     * Checks what only AF_XDP needs.
     *
     * @throws BadInput when the queue or the frames do not fit the interface
     */
    void checkForXdp() {
        String name = interfaceName();
        if (device.loopback()) {
            throw new BadInput("interface " + name + " is the loopback: name one with Ethernet headers");
        }
        int queues = device.rxQueues();
        if (queue < 0 || queue >= queues) {
            throw new BadInput("--queue " + queue + ": " + name + " has "
                    + (queues == 1 ? "only queue 0" : "queues 0 to " + (queues - 1)) + " (ethtool -l " + name + ")");
        }
        if (frameSize != 2048 && frameSize != 4096) {
            throw new BadInput("--frame-size " + frameSize + ": use 2048 or 4096");
        }
        int mtu = device.mtuBytes();
        int room = frameSize - Umem.HEADROOM - LINK_HEADER_BYTES;
        if (mtu > room) {
            throw new BadInput("the MTU of " + name + " is " + mtu + ", but a frame of " + frameSize
                    + " bytes holds packets of " + room + " at most: "
                    + (frameSize == 2048 && mtu <= room + 2048
                            ? "use --frame-size 4096"
                            : "lower it, for example `ip link set " + name + " mtu 1500`"));
        }
        if (rxRing > MAX_RX_RING) {
            throw new BadInput("--rx-ring " + rxRing + ": use " + MAX_RX_RING + " or less");
        }
        if ((long) fillRing * frameSize > Integer.MAX_VALUE) {
            throw new BadInput("--fill-ring " + fillRing + " with frames of " + frameSize
                    + " bytes needs more than 2 GiB: use a smaller ring");
        }
    }
}
