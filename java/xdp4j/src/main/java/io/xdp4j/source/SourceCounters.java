// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.source;

/**
 * What was sent of one flow: {@code struct xdp4j_source_counters}. When all positions are done,
 * {@code sent = positions - lost + duplicated}.
 *
 * @param positions sequence numbers gone through
 * @param sent frames handed to the device, duplicates included
 * @param lost positions left out on purpose
 * @param duplicated frames sent a second time on purpose
 * @param swapped pairs sent in reverse order on purpose
 */
public record SourceCounters(long positions, long sent, long lost, long duplicated, long swapped) {}
