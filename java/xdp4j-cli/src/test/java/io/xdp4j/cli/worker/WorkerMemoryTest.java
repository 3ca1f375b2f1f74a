// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xdp4j.packet.PacketBatch;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.rtp.RtpRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where things are in the memory that a worker counts in. */
class WorkerMemoryTest {
    private static ByteBuffer memory(int sockets, int flows) {
        return ByteBuffer.allocateDirect(WorkerMemory.bytes(sockets, flows)).order(ByteOrder.nativeOrder());
    }

    /** A flow that has counted so many packets. */
    private static RtpFlow flowOf(int packets) {
        RtpFlow flow = new RtpFlow();
        Packets batch = new Packets(1);
        for (int i = 0; i < packets; i++) {
            PacketBatch one = batch.of(0);
            flow.onPacket(one, 0);
        }
        return flow;
    }

    private static long received(RtpRecord record) {
        return record.snapshot().count(RtpCounter.RECEIVED);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 4", "3, 4", "64, 100"})
    void recordsDoNotOverlap(int sockets, int flows) {
        WorkerMemory memory = new WorkerMemory(memory(sockets, flows), sockets);
        for (int flow = 0; flow < flows; flow++) {
            // Both copies of a record.
            memory.record(flow).publish(flowOf(flow + 1));
            memory.record(flow).publish(flowOf(flow + 1));
        }
        for (int flow = 0; flow < flows; flow++) {
            assertEquals(flow + 1, received(memory.record(flow)));
        }
        for (int socket = 0; socket < sockets; socket++) {
            assertEquals(0, memory.counts().taken(socket) + memory.counts().handled(socket));
        }
        assertEquals(0, memory.counts().longestAbsenceNs());
    }

    /** The last record ends where the memory does. */
    @Test
    void thereIsRoomForAllAndNoMore() {
        WorkerMemory memory = new WorkerMemory(memory(2, 3), 2);
        memory.record(2).publish(flowOf(1));
        memory.record(2).publish(flowOf(2));
        assertEquals(2, received(memory.record(2)));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.record(3).publish(flowOf(1)));
    }

    @Test
    void clearedIsAsItWasAtFirstAndItsNeighboursStay() {
        WorkerMemory memory = new WorkerMemory(memory(2, 3), 2);
        for (int flow = 0; flow < 3; flow++) {
            memory.record(flow).publish(flowOf(5));
            memory.record(flow).publish(flowOf(6));
        }
        memory.clear(1);
        assertEquals(6, received(memory.record(0)));
        assertEquals(0, received(memory.record(1)));
        assertEquals(6, received(memory.record(2)));
        memory.record(1).publish(flowOf(3));
        assertEquals(3, received(memory.record(1)));
    }

    /** Two processes map the same memory. */
    @Test
    void whatOneWritesTheOtherReads() {
        ByteBuffer shared = memory(1, 2);
        new WorkerMemory(shared, 1).record(1).publish(flowOf(4));
        assertEquals(4, received(new WorkerMemory(shared.duplicate(), 1).record(1)));
    }
}
