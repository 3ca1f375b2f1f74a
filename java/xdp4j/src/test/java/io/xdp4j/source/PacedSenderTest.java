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

/** With a source that keeps its schedule on a clock that the test moves: each look at it takes 1 µs. */
class PacedSenderTest {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;
    private static final long LOOK_NS = 1_000;

    private record Call(long atNs, int taken, long originNs, long turn, long ratePps) {
        long dueNs(long turnOfCall) {
            return originNs + (turn + turnOfCall) * SECOND / ratePps;
        }
    }

    private final List<Call> calls = new ArrayList<>();
    private final List<Long> parks = new ArrayList<>();
    private long nowNs = 7 * SECOND;
    private long left;
    private int mostPerCall = Integer.MAX_VALUE;

    /** Returns when the last turn it takes is due. */
    private int take(int atMost, long originNs, long turn, long ratePps) {
        Call call = new Call(nowNs, (int) Math.min(Math.min(atMost, mostPerCall), left), originNs, turn, ratePps);
        calls.add(call);
        left -= call.taken();
        nowNs = Math.max(nowNs, call.dueNs(call.taken() - 1));
        return call.taken();
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
        return calls.stream().mapToLong(Call::taken).sum();
    }

    /** All turns taken, each due where count and rate put it; rounding to a nanosecond is the only freedom. */
    private void assertOnSchedule(long ratePps) {
        long turn = 0;
        for (Call call : calls) {
            assertEquals(ratePps, call.ratePps());
            long dueNs = calls.get(0).originNs() + turn / ratePps * SECOND + turn % ratePps * SECOND / ratePps;
            assertEquals(dueNs, call.dueNs(0), "turn " + turn);
            turn += call.taken();
        }
    }

    private static void assertNear(long expectedNs, long actualNs, long withinNs) {
        assertTrue(Math.abs(actualNs - expectedNs) <= withinNs, actualNs + " ns is not about " + expectedNs);
    }

    @Test
    void gives10MsOfTurnsAtATime() throws KernelException {
        assertEquals(390_000, run(sender(390_000, 390_000)));
        assertEquals(0, calls.remove(100).taken()); // how it learns that all is sent
        assertTrue(calls.stream().allMatch(call -> call.taken() == 3_900));
        assertOnSchedule(390_000);
        assertEquals(List.of(), parks);
    }

    @Test
    void keepsARateThatDoesNotDivideASecond() throws KernelException {
        PacedSender sender = sender(390_001 * 3, 390_001);
        assertEquals(390_001 * 3, run(sender));
        assertOnSchedule(390_001);
        assertEquals(0, sender.slippedNs());
        // The last turn is due one interval (2,564 ns) before the three seconds are over.
        assertNear(3 * SECOND - 2_564, sender.elapsedNs(), 2 * LOOK_NS);
    }

    @Test
    void numbersStaySmall() throws KernelException {
        run(sender(SECOND / 50, SECOND)); // 20 ms
        run(sender(3_000, 1_000));
        assertTrue(calls.stream().allMatch(call -> call.turn() < call.ratePps()));
        assertTrue(calls.stream().allMatch(call -> call.taken() <= 32_768));
    }

    @Test
    void goesOnFromWhatTheSourceTook() throws KernelException {
        mostPerCall = 7; // as when signals interrupt it
        assertEquals(5_000, run(sender(5_000, 100_000)));
        assertOnSchedule(100_000);
    }

    @Test
    void keepsTheScheduleWhenItIsALittleLate() throws KernelException {
        PacedSender sender = sender(200_000, 400_000); // half a second
        sender.step();
        nowNs += 99 * MS;
        assertEquals(200_000, run(sender));
        assertOnSchedule(400_000);
        assertEquals(0, sender.slippedNs());
        assertNear(500 * MS, sender.elapsedNs(), 2_500 + 2 * LOOK_NS);
    }

    @Test
    void slipsAfterALongAbsence() throws KernelException {
        PacedSender sender = sender(10_000, 100_000);
        sender.step();
        nowNs += 500 * MS;
        long absentUntilNs = nowNs;
        sender.step(); // the next turn is due when it is called
        assertEquals(1_000, calls.get(1).turn());
        assertNear(absentUntilNs, calls.get(1).dueNs(0), LOOK_NS);
        assertNear(500 * MS, sender.slippedNs(), 10_000 + 2 * LOOK_NS); // from when it was due, one interval later
        assertEquals(10_000, run(sender));
        assertNear(99_990_000 + sender.slippedNs(), sender.elapsedNs(), 2 * LOOK_NS);
    }

    @Test
    void parksWhileTheNextTurnIsFar() throws KernelException {
        assertEquals(3, run(sender(3, 50)));
        assertTrue(calls.stream().allMatch(call -> call.taken() <= 1), calls.toString());
        assertOnSchedule(50);
        assertTrue(parks.size() >= 2 && parks.stream().allMatch(park -> park > 19 * MS && park < 20 * MS), "" + parks);

        parks.clear();
        run(sender(1_000, 20_000));
        assertEquals(List.of(), parks, "the next turn is 50 us away");
    }

    @Test
    void endsWhenNothingIsLeft() throws KernelException {
        PacedSender sender = sender(1, 1);
        assertTrue(sender.step());
        run(sender);
        assertNear(0, sender.elapsedNs(), LOOK_NS);
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
