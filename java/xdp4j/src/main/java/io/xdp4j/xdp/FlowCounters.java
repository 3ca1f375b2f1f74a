// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

/**
 * What the XDP program counts for one flow, all CPUs together: {@code struct flow_counters} of {@code bpf/flow.h}.
 *
 * @param seen packets of the flow that reached the program
 * @param redirected of these: handed to an AF_XDP socket
 * @param noSocket of these: passed to the stack, no socket on the queue that they arrived on
 * @param wrongQueue of these: passed to the stack, the flow's socket there serves another queue
 * @param noMetadata of these: passed to the stack, the driver leaves no room for metadata (use generic mode)
 * @param bytes of all seen, Ethernet header included
 */
public record FlowCounters(
        long seen, long redirected, long noSocket, long wrongQueue, long noMetadata, long bytes) {}
