// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.udp;

import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketSource;
import java.io.IOException;

/** A flow received by an ordinary socket, which the kernel counts for. */
public interface UdpSource extends PacketSource {
    /** {@return what {@link PacketBatch#flow(int)} says of its packets} */
    int flowId();

    /**
     * Asks the kernel; not for the hot path. For any thread.
     *
     * @return what the kernel counts for the socket
     * @throws IOException when the kernel refused
     * @throws IllegalStateException when the source is closed
     */
    SocketStatistics statistics() throws IOException;
}
