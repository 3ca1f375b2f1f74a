// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

/**
 * What the XDP program counts for one flow, all CPUs together: {@code struct flow_counters} of {@code bpf/flow.h}.
 *
 * <pre>  seen = redirected + noSocket + wrongQueue + noMetadata + tooLarge</pre>
 *
 * @param seen packets of the flow that reached the program
 * @param redirected of these: handed to an AF_XDP socket
 * @param noSocket of these: passed to the stack, no socket on the queue that they arrived on
 * @param wrongQueue of these: passed to the stack, the flow's socket there serves another queue
 * @param noMetadata of these: passed to the stack, the driver leaves no room for metadata (use generic mode)
 * @param tooLarge of these: passed to the stack, longer than the socket takes: {@link Umem#longestPacket()}
 * @param largestRefusedBytes length of the longest of {@code tooLarge}, Ethernet header included; 0 while there is none
 * @param invalid not {@code seen}: UDP packets to the flow's address and port, passed to the stack because a length in
 *     their headers contradicts the packet or another one
 * @param fragmented not {@code seen}: datagrams to the flow's address and port that came in fragments, which XDP cannot
 *     put together, so that they pass to the stack. The first fragment is counted; the others show no port
 * @param missing RTP sequence numbers that had not reached the program when later ones did, of all SSRCs together. A
 *     straggler takes its own off again; a restart adds none. Judged by the rules of {@link io.xdp4j.rtp.RtpFlow}, for
 *     the four latest SSRCs at a time
 * @param watched of the seen: RTP packets whose sequence number was judged for {@code missing}
 * @param bytes of all seen, Ethernet header included
 */
public record FlowCounters(
        long seen,
        long redirected,
        long noSocket,
        long wrongQueue,
        long noMetadata,
        long tooLarge,
        long largestRefusedBytes,
        long invalid,
        long fragmented,
        long missing,
        long watched,
        long bytes) {
    static final int FIELDS = 12;

    /** @param fields in the order of the components */
    static FlowCounters of(long[] fields) {
        return new FlowCounters(
                fields[0],
                fields[1],
                fields[2],
                fields[3],
                fields[4],
                fields[5],
                fields[6],
                fields[7],
                fields[8],
                fields[9],
                fields[10],
                fields[11]);
    }
}
