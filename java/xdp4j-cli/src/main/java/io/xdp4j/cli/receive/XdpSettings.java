// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.BadInput;
import io.xdp4j.ledger.Advice;
import io.xdp4j.schedule.ThreadPlacement;
import io.xdp4j.xdp.Attachment;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.NetDevice;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.UmemOptions;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How AF_XDP is to receive.
 *
 * @param queues the RX queues, rising
 * @param workers what receives from each of them
 * @param socketsPer how many sockets each of them has
 * @param rxRing descriptors of each socket
 * @param fillRing descriptors of each queue
 * @param frameSize bytes
 * @param longestPacket bytes, Ethernet header included: one that a frame does not hold comes in several
 * @param mode of the XDP program and the sockets
 * @param attachment what holds the XDP program on its interface
 * @param numaNode where the UMEMs are to be; -1: anywhere
 * @param busyPollBudget packets that a look at an empty ring takes from the device at most; 0: no busy poll
 * @param placement of the receivers
 */
public record XdpSettings(
        List<Integer> queues,
        Workers workers,
        SocketsPer socketsPer,
        int rxRing,
        int fillRing,
        int frameSize,
        int longestPacket,
        Mode mode,
        Attachment attachment,
        int numaNode,
        int busyPollBudget,
        Placement placement) {
    /** Ethernet header and two VLAN tags: what a packet has beyond the interface's MTU. */
    public static final int LINK_HEADER_BYTES = 14 + 8;

    private static final int MAX_BUDGET = 65_535;

    /** As many frames as fit into a buffer of Java: a longer ring could not be filled. */
    private static final int MAX_RX_RING = 1 << 20;

    /** With other rings, and a socket for each flow. */
    XdpSettings likeTheQuestion(int ring) {
        return new XdpSettings(
                queues,
                workers,
                SocketsPer.FLOW,
                ring,
                ring,
                frameSize,
                longestPacket,
                mode,
                attachment,
                numaNode,
                busyPollBudget,
                placement);
    }

    /** With what an advice changes. */
    XdpSettings with(Advice.Settings change) {
        return new XdpSettings(
                Optional.ofNullable(change.queues()).orElse(queues),
                workers,
                socketsPer,
                Optional.ofNullable(change.rxRing()).orElse(rxRing),
                Optional.ofNullable(change.fillRing()).orElse(fillRing),
                Optional.ofNullable(change.frameSize()).orElse(frameSize),
                longestPacket,
                change.generic() ? Mode.GENERIC : mode,
                attachment,
                numaNode,
                busyPollBudget,
                placement);
    }

    /** Of the thread that receives from a queue. */
    public ThreadPlacement placementOf(int queue) {
        return placement.of(queues.indexOf(queue));
    }

    /** Whether a packet may come in several frames. */
    public boolean multiBuffer() {
        return longestPacket > frameSize - Umem.HEADROOM;
    }

    /** Packets that can wait on a queue while nobody receives. */
    public int room() {
        return Math.min(rxRing, fillRing);
    }

    /**
     * Of each queue. As many frames as the fill ring takes: then that ring alone says how many packets can wait.
     *
     * @param longPackets that may be in hand at a time
     */
    UmemOptions umem(int longPackets) {
        return UmemOptions.DEFAULT
                .frameSize(frameSize)
                .fillRing(fillRing)
                .longestPacket(longestPacket)
                .longPackets(longPackets)
                .numaNode(numaNode);
    }

    /** These queues and those that are advised; null when they are the same. */
    List<Integer> queuesWith(List<Integer> advised) {
        TreeSet<Integer> all = new TreeSet<>(queues);
        boolean more = advised != null && all.addAll(advised);
        return more ? List.copyOf(all) : null;
    }

    /**
     * Checks them against the machine.
     *
     * @throws BadInput whose message names the option and the remedy
     */
    void check(NetDevice device) {
        String name = device.name();
        if (device.loopback()) {
            throw new BadInput("interface " + name + " is the loopback: name one with Ethernet headers");
        }
        int there = device.rxQueues();
        for (int queue : queues) {
            if (queue >= there) {
                throw new BadInput("--queue " + NumberList.text(queues) + ": " + name + " has "
                        + (there == 1 ? "only queue 0" : "queues 0 to " + (there - 1)) + " (ethtool -l " + name + ")");
            }
        }
        if (busyPollBudget < 0 || busyPollBudget > MAX_BUDGET) {
            throw new BadInput("--busy-poll " + busyPollBudget + ": use 1 to " + MAX_BUDGET + ", or 0 for none");
        }
        placement.check(queues);
        if (frameSize != 2048 && frameSize != 4096) {
            throw new BadInput("--frame-size " + frameSize + ": use 2048 or 4096");
        }
        if (longestPacket > Umem.LONGEST_PACKET) {
            throw new BadInput("the MTU of " + name + " is " + device.mtuBytes() + ", but an IP packet has "
                    + (Umem.LONGEST_PACKET - LINK_HEADER_BYTES)
                    + " bytes at most: lower it, for example `ip link set " + name + " mtu 9000`");
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
