// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

/**
 * What the XDP program counts for everything that reaches it: {@code struct program_counters} of {@code bpf/flow.h}.
 *
 * @param packets all of them
 * @param passed of these: passed to the stack because no flow wants them, because they came in fragments, or
 *     because they contradict themselves
 * @param unparsable of the passed: cut short or contradicting themselves; of which each that names a flow is {@link
 *     FlowCounters#invalid} there as well
 */
public record ProgramCounters(long packets, long passed, long unparsable) {}
