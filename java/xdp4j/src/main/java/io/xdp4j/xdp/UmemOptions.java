// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

/**
 * How a {@link Umem} is to be made: {@code UmemOptions.DEFAULT.fillRing(65_536).longestPacket(9_022)}.
 *
 * <p>A packet that is longer than a frame holds comes in several (multi-buffer; Linux 6.6.10 or later). It is put
 * together in memory behind the frames, and is one packet of its batch like any other. The program that redirects it
 * has to be loaded for that: {@link XdpProgram#load(int, int, boolean)}.
 *
 * @param frameSize bytes of a frame: 2,048 or 4,096; {@value Umem#HEADROOM} of them are not for the packet
 * @param frames how many; at least {@code fillRing} and {@code leases}. As many as both is right: more help only a
 *     receiver that is held away again while it still works off what waited
 * @param fillRing descriptors, a power of two: the packets that can arrive while nobody receives. One that comes in
 *     several frames takes as many
 * @param longestPacket bytes of the longest packet to be received, Ethernet header included: the MTU and 14, or 22 with
 *     two VLAN tags; at most {@value Umem#LONGEST_PACKET}. 0, or what a frame holds: each packet is one frame
 * @param longPackets how many packets of several frames the batches of all sockets can have at a time: the sum of their
 *     {@link XdpSocketOptions#batch()}. Means nothing when each packet is one frame
 * @param numaNode where the memory is to be while that node has some; -1: anywhere
 * @param leases how many frames the application can keep at a time, by {@link Umem#lease}; each packet must then be one
 *     frame
 */
public record UmemOptions(
        int frameSize, int frames, int fillRing, int longestPacket, int longPackets, int numaNode, int leases) {
    /**
     * Frames and fill ring of the default size, on any node, each packet one frame, none to be leased; long ones, if
     * asked for, for 16 sockets.
     */
    public static final UmemOptions DEFAULT =
            new UmemOptions(Umem.DEFAULT_FRAME_SIZE, Umem.DEFAULT_RING, Umem.DEFAULT_RING, 0, 1_024, -1, 0);

    /**
     * {@return the same with other frames}
     *
     * @param bytes of a frame: 2,048 or 4,096
     */
    public UmemOptions frameSize(int bytes) {
        return new UmemOptions(bytes, frames, fillRing, longestPacket, longPackets, numaNode, leases);
    }

    /**
     * {@return the same with another number of frames}
     *
     * @param count at least the descriptors of the fill ring and the leases
     */
    public UmemOptions frames(int count) {
        return new UmemOptions(frameSize, count, fillRing, longestPacket, longPackets, numaNode, leases);
    }

    /**
     * {@return the same with another fill ring, and as many frames as it takes and can be leased}
     *
     * @param descriptors a power of two
     */
    public UmemOptions fillRing(int descriptors) {
        return new UmemOptions(
                frameSize, descriptors + leases, descriptors, longestPacket, longPackets, numaNode, leases);
    }

    /**
     * {@return the same with another longest packet}
     *
     * @param bytes Ethernet header included; 0: what a frame holds
     */
    public UmemOptions longestPacket(int bytes) {
        return new UmemOptions(frameSize, frames, fillRing, bytes, longPackets, numaNode, leases);
    }

    /**
     * {@return the same with room for another number of packets of several frames}
     *
     * @param count the sum of the batches of all sockets
     */
    public UmemOptions longPackets(int count) {
        return new UmemOptions(frameSize, frames, fillRing, longestPacket, count, numaNode, leases);
    }

    /**
     * {@return the same on another NUMA node; -1 for any}
     *
     * @param node from 0, or -1
     */
    public UmemOptions numaNode(int node) {
        return new UmemOptions(frameSize, frames, fillRing, longestPacket, longPackets, node, leases);
    }

    /**
     * {@return the same with another number of leases, and as many frames more or less}
     *
     * @param count frames that can be leased at a time
     */
    public UmemOptions leases(int count) {
        return new UmemOptions(
                frameSize, frames - leases + count, fillRing, longestPacket, longPackets, numaNode, count);
    }
}
