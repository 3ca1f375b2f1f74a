// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against a queue of Java's. */
class PacketQueueTest {
    private record Entry(int bytes, int interfaceIndex, long value) {}

    private static void assertSame(Deque<Entry> expected, PacketQueue queue) {
        assertEquals(expected.size(), queue.size());
        int at = expected.isEmpty() ? 0 : queue.first();
        int left = expected.size();
        for (Entry entry : expected) {
            assertEquals(entry.bytes(), queue.recordBytes(at));
            assertEquals(entry.interfaceIndex(), queue.interfaceIndex(at));
            assertEquals(entry.value(), queue.memory().getLong(queue.recordAt(at)));
            at = --left > 0 ? queue.next(at) : at;
        }
    }

    @Test
    void isAQueue() {
        Random random = new Random(3);
        ByteBuffer packet = ByteBuffer.allocateDirect(256).order(ByteOrder.nativeOrder());
        PacketQueue queue = new PacketQueue(512);
        Deque<Entry> expected = new ArrayDeque<>();
        int refused = 0;
        for (int round = 0; round < 50_000; round++) {
            if (random.nextInt(3) > 0) {
                Entry entry = new Entry(8 * (1 + random.nextInt(20)), random.nextInt(5), random.nextLong());
                packet.putLong(16, entry.value());
                if (queue.add(packet, 16, entry.bytes(), entry.interfaceIndex())) {
                    expected.add(entry);
                } else {
                    refused++;
                }
            } else if (!expected.isEmpty()) {
                queue.removeFirst();
                expected.remove();
            }
            if (round % 10_000 == 9_999) {
                queue.grow();
            }
            assertSame(expected, queue);
        }
        assertEquals(512 << 5, queue.room());
        assertTrue(refused > 1_000, "it was full " + refused + " times");
    }

    @Test
    void takesWhatFitsAndNoMore() {
        ByteBuffer packet = ByteBuffer.allocateDirect(256);
        PacketQueue queue = new PacketQueue(64);
        assertFalse(queue.add(packet, 0, 64, 0));
        assertTrue(queue.add(packet, 0, 56, 0));
        assertFalse(queue.add(packet, 0, 8, 0));
        queue.removeFirst();
        assertTrue(queue.add(packet, 0, 24, 0));
        assertTrue(queue.add(packet, 0, 24, 0));
        assertFalse(queue.add(packet, 0, 8, 0));
    }
}
