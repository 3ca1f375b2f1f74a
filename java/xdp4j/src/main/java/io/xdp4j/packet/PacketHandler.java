// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.packet;

/** Takes batches as they come. */
@FunctionalInterface
public interface PacketHandler {
    /**
     * Called by the receiving thread for each batch that is not empty. The packets are gone when it returns, but for
     * those that are leased: {@link io.xdp4j.xdp.Umem#lease}.
     *
     * @param batch one or more packets
     */
    void onBatch(PacketBatch batch);
}
