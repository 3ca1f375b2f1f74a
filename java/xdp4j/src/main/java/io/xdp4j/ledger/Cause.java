// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import java.util.Locale;

/**
 * Why a packet of a flow was not delivered: the place where it was lost. Each packet has one.
 *
 * <p>The order is that of a packet's way, from the wire to the application.
 */
public enum Cause {
    /** Before this machine. */
    UPSTREAM(
            "The packet never reached this machine's kernel.",
            "The flow's RTP sequence has a gap already where the kernel first sees it, and no counter of this"
                    + " machine has it.",
            "Look at the sender and the network: multicast routing, IGMP snooping, policers, a switch's drop"
                    + " counters."),

    /** In the network card or its driver. */
    NIC(
            "The network card or its driver dropped the packet before XDP or the stack could see it.",
            "The driver's own counters (ip -s link, ethtool -S): rx_missed_errors, rx_fifo_errors,"
                    + " rx_out_of_buffer and the like; on a veth rx_dropped less rx_queue_N_drops.",
            "Give the card's ring more descriptors, its interrupt a CPU of its own, or spread flows over more queues."),

    /** Before this machine or in it: which of the two cannot be told. */
    UPSTREAM_OR_LOCAL(
            "The packet was missing where the flow was first seen; on this machine it cannot be told whether it"
                    + " got lost before this machine or in it.",
            "The flow's RTP sequence has a gap, and a counter of this machine that might have it cannot be read.",
            "Make the counter readable that the ledger's limits name."),

    /** At the XDP program or the socket: lengths that contradict each other (RFC 768, RFC 791). */
    INVALID(
            "The packet contradicts itself: its UDP length does not fit its IP length, or the frame's.",
            "The XDP program's counter of such packets of the flow, or the raw socket's.",
            "Look at the sender, or at what truncates packets on their way."),

    /** At the XDP program, which passed it on: an IP fragment (RFC 791, RFC 8200 §4.5). */
    FRAGMENTED(
            "The packet came in fragments, which XDP cannot put together; they were passed to the kernel's stack.",
            "The XDP program's counter of first fragments of the flow.",
            "Send packets that fit the smallest MTU on the way, or receive the flow by an ordinary socket."),

    /** At the XDP program, which passed it on: no socket of the flow on its queue. */
    NO_SOCKET_ON_QUEUE(
            "The packet arrived on a queue on which the flow has no AF_XDP socket, and was passed to the"
                    + " kernel's stack.",
            "The XDP program's counter noSocket.",
            "Open a socket on the queue it arrives on, or steer the flow to the queue that has one."),

    /** At the redirect: the socket is another queue's or device's. */
    WRONG_QUEUE(
            "The packet was to go to an AF_XDP socket of another queue or device, which the kernel refuses.",
            "The XDP program's counter wrongQueue, or the tracepoint xdp:xdp_redirect_err with EINVAL or ENXIO.",
            "Give the flow's slot for this queue a socket that is bound to this queue of this interface."),

    /** At the XDP program, which passed it on: the driver has no room for metadata. */
    NO_METADATA(
            "The driver leaves no room for metadata in front of the packet, which was passed to the kernel's stack.",
            "The XDP program's counter noMetadata.",
            "Attach in generic mode."),

    /** At the XDP program, which passed it on: longer than the UMEM takes. */
    TOO_LARGE(
            "The packet is longer than the UMEM takes, in a frame or in several, and was passed to the kernel's stack.",
            "The XDP program's counter tooLarge.",
            "Open the UMEM for longer packets, or lower the MTU at the sender."),

    /** Between the XDP program and the RX ring: no frame to put it in. */
    FILL_RING_EMPTY(
            "The kernel had no frame to put the packet in: the receiver had not refilled the fill ring in time.",
            "XDP_STATISTICS: rx_dropped with copies; with zero-copy the NIC's drops while"
                    + " rx_fill_ring_empty_descs rose.",
            "A fill ring that holds the rate times the receiver's longest absence, with as many frames."),

    /** At the RX ring. */
    RX_RING_FULL(
            "The socket's RX ring had no room: the receiver had not emptied it in time.",
            "XDP_STATISTICS: rx_ring_full.",
            "An RX ring that holds the rate times the receiver's longest absence."),

    /** At the redirect, most likely: nothing shows it. */
    REFUSED_UNSEEN(
            "The XDP program redirected the packet, and the kernel neither delivered nor counted it: most likely it"
                    + " refused the redirect.",
            "Nothing: the tracepoint xdp:xdp_redirect_err, which would tell, cannot be read here.",
            "Make the tracepoint readable: mount tracefs, and run with CAP_PERFMON."),

    /** In the kernel's network stack. */
    STACK(
            "The kernel's network stack dropped the packet before it reached the socket, or for a wrong checksum.",
            "/proc/net/snmp and snmp6 (IP and UDP errors, InCsumErrors), /proc/net/netstat, softnet_stat.",
            "The counter that rose says what: a checksum damaged on the way, a reverse-path filter, a backlog"
                    + " too short."),

    /** At an ordinary socket's receive buffer. */
    SOCKET_BUFFER(
            "The socket's receive buffer was full: the receiver had not emptied it in time.",
            "The socket's drop counter (SO_RXQ_OVFL, SO_MEMINFO; /proc/net/udp for a DatagramChannel).",
            "A buffer that holds the rate times the receiver's longest absence, or a cheaper way to receive."),

    /** At the RTP check: received, and no RTP packet (RFC 3550 §5.1). */
    NOT_RTP(
            "The packet was received and is not RTP: another version, a length that contradicts its header, or RTCP.",
            "RtpFlow's counter NON_RTP.",
            "Send what is not RTP to another port."),

    /** In the application. */
    APPLICATION(
            "The receiver took the packet from its socket, or left it there when it ended, and the handler did"
                    + " not count it: the handler gave up, or its process was killed.",
            "What the Receiver took and what RtpFlow counted.",
            "Find out what ended it: Receiver.failure() has the handler's exception; a process may have been killed.");

    private final String happened;
    private final String proof;
    private final String change;

    Cause(String happened, String proof, String change) {
        this.happened = happened;
        this.proof = proof;
        this.change = change;
    }

    /** {@return the name for tables and lines of text: {@code fill ring empty}} */
    public String label() {
        return switch (this) {
            case NIC -> "NIC";
            case RX_RING_FULL -> "RX ring full";
            case NOT_RTP -> "not RTP";
            default -> name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }

    /** {@return one sentence: what became of the packet} */
    public String happened() {
        return happened;
    }

    /** {@return which counter proves it} */
    public String proof() {
        return proof;
    }

    /** {@return what to change, in general; {@link Advice} has it with figures} */
    public String change() {
        return change;
    }
}
