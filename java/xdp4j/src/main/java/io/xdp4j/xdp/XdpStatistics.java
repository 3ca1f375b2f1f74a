// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

/**
 * What the kernel counts for one AF_XDP socket: {@code struct xdp_statistics} of {@code linux/if_xdp.h}.
 *
 * <p>With copies, a packet that finds the fill ring empty raises {@code rxDropped} and {@code rxFillRingEmpty}: the two
 * are one loss and are never to be added. With zero-copy the driver asks for frames ahead of packets, {@code
 * rxFillRingEmpty} counts its vain attempts, and the loss itself stands in the NIC's counters.
 *
 * @param rxDropped packets dropped for other reasons than a full RX ring; with copies: no frame, or too long for one
 * @param rxInvalidDescriptors descriptors in the fill ring that name no frame
 * @param txInvalidDescriptors always 0: nothing is sent
 * @param rxRingFull packets dropped because the RX ring was full
 * @param rxFillRingEmpty attempts to take a frame from an empty fill ring
 */
public record XdpStatistics(
        long rxDropped, long rxInvalidDescriptors, long txInvalidDescriptors, long rxRingFull, long rxFillRingEmpty) {}
