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
 * @param tooLarge of these: passed to the stack, longer than a frame of the socket holds, which is its size less {@link
 *     Umem#HEADROOM}
 * @param largestRefusedBytes length of the longest of {@code tooLarge}, Ethernet header included; 0 while there are none
 * @param invalid not {@code seen}: UDP packets to the flow's address and port, passed to the stack because a length in
 *     their headers contradicts the packet or another one
 * @param missing RTP sequence numbers that had not reached the program when later ones did, of all SSRCs together. A
 *     straggler takes its own off again; a restart adds none. Judged by the rules of {@link io.xdp4j.rtp.RtpFlow}, for
 *     the four latest SSRCs at a time
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
        long missing,
        long bytes) {}
