// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

/**
 * What the kernel counts for one AF_XDP socket: {@code struct xdp_statistics} of {@code linux/if_xdp.h}.
 *
 * <p>With copies, a packet that finds the fill ring empty raises {@code rxDropped} and {@code rxFillRingEmpty}: the two
 * are one loss and are never to be added. With zero-copy the driver asks for frames ahead of packets, {@code
 * rxFillRingEmpty} counts its vain attempts, and the loss itself stands in the NIC's counters.
 *
 * <p>A packet that needs several frames is dropped as a whole, and counted once, in {@code rxDropped} when too few are
 * left ({@code rxFillRingEmpty} rises when there is none at all), in {@code rxRingFull} when the RX ring has too little
 * room.
 *
 * @param rxDropped packets dropped for other reasons than a full RX ring; with copies: too few frames, or too long
 * @param rxInvalidDescriptors what the kernel has against this socket's RX ring; a wrong address in the fill ring is
 *     not among them
 * @param rxRingFull packets dropped because the RX ring was full
 * @param rxFillRingEmpty attempts to take a frame from an empty fill ring
 */
public record XdpStatistics(long rxDropped, long rxInvalidDescriptors, long rxRingFull, long rxFillRingEmpty) {}
