// SPDX-License-Identifier: Apache-2.0

/**
 * The seam: {@link io.xdp4j.packet.PacketSource} brings packets, whatever they come from, in a {@link
 * io.xdp4j.packet.PacketBatch}, which a {@link io.xdp4j.packet.PacketHandler} takes.
 *
 * <p>Packets are read in place, in the memory that the kernel or the network card wrote. It is the reader's until the
 * next look at the source. Nothing here allocates for a packet or a batch.
 */
package io.xdp4j.packet;
