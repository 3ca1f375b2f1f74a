// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.source;

import io.xdp4j.packet.Flow;

/**
 * One of the flows that an {@link RtpSource} sends.
 *
 * @param flow with the source address of its packets, which is always there
 * @param ssrc RTP synchronization source (RFC 3550 §3), all 32 bits
 * @param firstSequence sequence number of position 0
 */
public record SourceFlow(Flow flow, int ssrc, int firstSequence) {}
