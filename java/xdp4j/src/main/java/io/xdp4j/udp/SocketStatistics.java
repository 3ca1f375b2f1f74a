// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.udp;

/**
 * What a socket tells of itself; the counters run since it was opened.
 *
 * @param receiveBufferBytes what the kernel granted, which may be less than was asked for. It is the figure to give to
 *     SO_RCVBUF; {@code getsockopt} and {@code ss} show twice as much, because the kernel doubles it for its own
 *     overhead and charges each packet's overhead to it (socket(7))
 * @param drops packets that the kernel dropped at this socket, for want of buffer or for a wrong checksum; -1 where the
 *     kernel does not tell. They are the flow's, but at a raw socket, which gets the packets of the group's other ports
 *     as well
 * @param truncated packets delivered cut short, because they were longer than the interface's MTU (reassembled
 *     fragments)
 * @param others packets that cost a receive call and were not the flow's: {@code raw} alone sees them
 * @param invalid packets of the flow that were not delivered because their UDP length contradicts the packet: {@code
 *     raw} alone sees them, the kernel drops them before other sockets
 * @param missing RTP sequence numbers that had not arrived at the socket when later ones did, as far as packets have
 *     been received from it. What the socket itself dropped is not among them; a straggler takes its own off again.
 *     When the socket drops packets of others too, fewer than that. -1 where nobody watches
 * @param waitingBytes memory charged for the packets that wait in the socket now, of twice {@code receiveBufferBytes};
 *     0 when none waits. -1 where the kernel does not tell
 */
public record SocketStatistics(
        long receiveBufferBytes,
        long drops,
        long truncated,
        long others,
        long invalid,
        long missing,
        long waitingBytes) {}
