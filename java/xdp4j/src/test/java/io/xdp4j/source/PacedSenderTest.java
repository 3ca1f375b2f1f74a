// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.packet.KernelException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On a clock that the test moves: each look at it takes 1 µs, and waiting moves it on. */
class PacedSenderTest {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;
    private static final long LOOK_NS = 1_000;
    private static final long CALL_NS = 100_000;

    private record Call(long atNs, int turns) {}

    private final List<Call> calls = new ArrayList<>();
    private final List<Long> parks = new ArrayList<>();
    private long nowNs = 7 * SECOND;
    private long left;

    private int take(int atMost) {
        int taken = (int) Math.min(atMost, left);
        left -= taken;
        calls.add(new Call(nowNs, taken));
        return taken;
    }

    private PacedSender sender(long turns, long ratePps) {
        left = turns;
        return new PacedSender(
                this::take,
                ratePps,
                () -> nowNs += LOOK_NS,
                nanoseconds -> {
                    parks.add(nanoseconds);
                    nowNs += nanoseconds;
                });
    }

    private long run(PacedSender sender) throws KernelException {
        while (sender.step()) {
            // until all is sent
        }
        return calls.stream().mapToLong(Call::turns).sum();
    }

    @Test
    void sendsEachTurnWhenItIsDue() throws KernelException {
        assertEquals(2_500, run(sender(2_500, 1_000)));

        long start = calls.get(0).atNs();
        for (int turn = 0; turn < 2_500; turn++) {
            assertEquals(1, calls.get(turn).turns());
            long lateNs = calls.get(turn).atNs() - start - turn * MS;
            assertTrue(lateNs >= 0 && lateNs <= 2 * LOOK_NS, "turn " + turn + " is late by " + lateNs);
        }
    }

    @Test
    void keepsARateThatDoesNotDivideASecond() throws KernelException {
        PacedSender sender = sender(390_001 * 3, 390_001);
        assertEquals(390_001 * 3, run(sender));
        assertEquals(0, sender.slippedNs());
        // The last turn is due one interval (2,564 ns) before the three seconds are over, and may wait for its call.
        assertEquals(3 * SECOND - 2_564, sender.elapsedNs(), CALL_NS + 4 * LOOK_NS);
    }

    @Test
    void sendsWhatIsDueInOneCall() throws KernelException {
        PacedSender sender = sender(100, 100_000);
        sender.step();
        nowNs += 155_000;
        sender.step();
        assertEquals(List.of(1, 15), calls.stream().map(Call::turns).toList());
    }

    @Test
    void waitsBetweenCallsThatAreNotFull() throws KernelException {
        assertEquals(390_000, run(sender(390_000, 390_000)));
        for (int i = 1; i < calls.size(); i++) {
            assertTrue(calls.get(i).atNs() - calls.get(i - 1).atNs() >= CALL_NS, "call " + i);
            assertTrue(calls.get(i).turns() <= 41, "39 fall due in 100 us: " + calls.get(i));
        }
    }

    @Test
    void catchesUpAQuarterFasterThanTheRateAndNoFaster() throws KernelException {
        PacedSender sender = sender(200_000, 400_000); // half a second
        sender.step();
        nowNs += 50 * MS; // 20,000 turns, made up for in 200 ms
        assertEquals(200_000, run(sender));
        assertEquals(0, sender.slippedNs());
        assertEquals(500 * MS, sender.elapsedNs(), CALL_NS + 4 * LOOK_NS);
        for (int i = 2; i < calls.size(); i++) {
            long sinceNs = calls.get(i).atNs() - calls.get(i - 1).atNs();
            assertTrue(calls.get(i).turns() <= sinceNs * 500_000 / SECOND + 1, "call " + i + ": " + calls.get(i));
        }
    }

    @Test
    void slipsAfterALongAbsence() throws KernelException {
        PacedSender sender = sender(10_000, 100_000);
        sender.step();
        nowNs += 500 * MS;
        sender.step();
        assertEquals(1, calls.get(1).turns());
        assertEquals(500 * MS, sender.slippedNs(), 20_000);
        assertEquals(10_000, run(sender));
        assertEquals(99_990_000 + sender.slippedNs(), sender.elapsedNs(), CALL_NS + 4 * LOOK_NS);
    }

    @Test
    void parksWhileTheNextTurnIsFarAndSpinsWhenItIsNear() throws KernelException {
        run(sender(3, 100));
        assertTrue(parks.stream().allMatch(park -> park > 9 * MS && park < 10 * MS), parks.toString());

        parks.clear();
        run(sender(100, 20_000));
        assertEquals(List.of(), parks);
    }

    @Test
    void endsWhenNothingIsLeft() throws KernelException {
        PacedSender sender = sender(1, 1);
        assertTrue(sender.step());
        run(sender);
        assertEquals(0, sender.elapsedNs(), LOOK_NS, "a single packet takes no time");
        assertFalse(sender.step());
    }

    @Test
    void refusesRatesOutOfRange() {
        for (long rate : new long[] {-1, 0, SECOND + 1}) {
            String message = assertThrows(IllegalArgumentException.class, () -> sender(1, rate)).getMessage();
            assertTrue(message.contains(Long.toString(rate)), message);
        }
    }
}
