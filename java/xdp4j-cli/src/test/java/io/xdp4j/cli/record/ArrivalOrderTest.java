// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Packets of several receivers. */
class ArrivalOrderTest {
    private static final long MS = 1_000_000;

    private final Wire a = new Wire(0, 1, 1 << 12);
    private final Wire b = new Wire(1, 1, 1 << 12);
    private final ArrivalOrder order = new ArrivalOrder(List.of(a.reader, b.reader));
    private final List<String> taken = new ArrayList<>();

    private String takenAt(long nowNs) {
        taken.clear();
        int count = order.take(nowNs, reader -> taken.add((reader == a.reader ? "a" : "b")
                + (reader == a.reader ? a : b).sequence()));
        assertEquals(taken.size(), count);
        return String.join(" ", taken);
    }

    private static void sendAt(Wire wire, long ns, int sequence) {
        wire.nowNs = ns - 1_000;
        wire.send(0, sequence);
    }

    @Test
    void whileAllHavePacketsTheOrderIsExact() {
        sendAt(a, 10, 1);
        sendAt(a, 30, 2);
        sendAt(a, 60, 3);
        sendAt(b, 20, 1);
        sendAt(b, 40, 2);
        sendAt(b, 50, 3);
        assertEquals("a1 b1 a2 b2 b3", takenAt(60));
    }

    /** The other one may still have an older packet in hand. */
    @Test
    void onePacketWaitsForTheOtherReceiver() {
        sendAt(a, 100 * MS, 1);
        assertEquals("", takenAt(150 * MS));
        sendAt(b, 99 * MS, 1);
        assertEquals("b1", takenAt(199 * MS));
        assertEquals("a1", takenAt(200 * MS));
        assertEquals("", takenAt(300 * MS));
    }

    @Test
    void butNotWhenThereWouldBeNoRoom() {
        for (int i = 0; i < 16; i++) { // of 136 bytes each: more than half of the room
            sendAt(a, 100 * MS + i, i);
        }
        assertEquals(16, takenAt(100 * MS).split(" ").length);
    }

    @Test
    void atTheEndAllAreTaken() {
        sendAt(a, 1_000_000 * MS, 1);
        sendAt(b, 2_000_000 * MS, 1);
        assertEquals("a1 b1", takenAt(Long.MAX_VALUE));
    }

    @Test
    void aSingleReceiverWaitsForNobody() {
        ArrivalOrder alone = new ArrivalOrder(List.of(a.reader));
        sendAt(a, 100 * MS, 1);
        assertEquals(1, alone.take(0, reader -> {}));
    }
}
