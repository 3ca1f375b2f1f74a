// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.udp;

import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a source brought, copied out of its batches. */
final class ReceivedPackets {
    private static final int SETTLE_MS = 5_000;
    private static final long SETTLE_NS = SETTLE_MS * 1_000_000L;

    record Packet(int flow, String payload, long arrivalNs) {}

    private ReceivedPackets() {}

    /** Receives until there are so many, or nothing more comes within the time that packets on a veth may take. */
    static List<Packet> take(PacketSource source, int count) throws IOException {
        List<Packet> packets = new ArrayList<>();
        long deadline = System.nanoTime() + SETTLE_NS;
        while (packets.size() < count && System.nanoTime() - deadline < 0) {
            source.await(SETTLE_MS);
            PacketBatch batch = source.receive();
            for (int i = 0; i < batch.size(); i++) {
                byte[] payload = new byte[batch.payloadLength(i)];
                batch.data().get(batch.payloadOffset(i), payload);
                packets.add(new Packet(
                        batch.flow(i), new String(payload, StandardCharsets.US_ASCII), batch.arrivalNs(i)));
            }
        }
        return packets;
    }

    static List<String> payloads(List<Packet> packets) {
        return packets.stream().map(Packet::payload).toList();
    }
}
