// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import static io.xdp4j.rtp.RtpCounter.BYTES;
import static io.xdp4j.rtp.RtpCounter.DISCONTINUITIES;
import static io.xdp4j.rtp.RtpCounter.EXPECTED;
import static io.xdp4j.rtp.RtpCounter.RECEIVED;
import static io.xdp4j.rtp.RtpCounter.RESTARTS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loss, order and duplicates within one run of one SSRC. */
class RtpSequenceTest {
    private static final int WINDOW = 4_096;

    private final RtpSender sender = new RtpSender(new RtpFlow());

    private long highest() {
        return sender.statistics().latestStream().orElseThrow().extendedHighestSequence();
    }

    @Test
    void anUntouchedFlowHasNothing() {
        sender.assertCounts(0, 0, 0, 0, 0);
        assertTrue(sender.statistics().latestStream().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 32_767, 32_768, 65_535})
    void theFirstPacketIsExpectedWhateverItsNumber(int first) {
        sender.send(first);
        sender.assertCounts(1, 0, 0, 0, 0);
        assertEquals(first, highest());
        assertEquals(0, sender.count(DISCONTINUITIES));
    }

    @Test
    void inOrderNothingIsLost() {
        sender.sendRange(1, 1_000);
        sender.assertCounts(1_000, 0, 0, 0, 0);
        assertEquals(0, sender.count(DISCONTINUITIES));
        assertEquals(160_000, sender.count(BYTES));
    }

    @Test
    void theExtendedSequenceGoesOnOverWraps() {
        sender.sendRange(65_530, 65_530 + 200_000);
        sender.assertCounts(200_001, 0, 0, 0, 0);
        assertEquals(65_530 + 200_000, highest());
        assertEquals(0, sender.count(DISCONTINUITIES));
    }

    @Test
    void aGapIsLostAndOneDiscontinuity() {
        sender.send(1, 2, 6, 7);
        sender.assertCounts(4, 3, 0, 0, 0);
        assertEquals(1, sender.count(DISCONTINUITIES));
        assertEquals(7, sender.count(EXPECTED));
    }

    @Test
    void aGapAcrossTheWrapIsLost() {
        sender.send(65_533, 65_534, 2, 3);
        sender.assertCounts(4, 3, 0, 0, 0);
        assertEquals(65_536 + 3, highest());
    }

    @Test
    void aStragglerHealsItsGap() {
        sender.send(1, 3);
        sender.assertCounts(2, 1, 0, 0, 0);
        sender.send(2);
        sender.assertCounts(3, 0, 1, 0, 0);
        sender.send(4);
        sender.assertCounts(4, 0, 1, 0, 0);
        assertEquals(3, sender.count(DISCONTINUITIES), "1-3, 3-2 and 2-4");
    }

    @Test
    void reorderingAcrossTheWrap() {
        sender.send(65_534, 0, 65_535, 2, 1, 3);
        sender.assertCounts(6, 0, 2, 0, 0);
        assertEquals(65_536 + 3, highest());
    }

    @Test
    void aDuplicateIsNeitherExpectedNorHealing() {
        sender.send(1, 2, 2, 4, 2);
        sender.assertCounts(5, 1, 0, 2, 0);
        assertEquals(3, sender.count(DISCONTINUITIES), "2-2, 2-4 and 4-2");
    }

    @Test
    void aStragglerSeenTwiceIsADuplicateTheSecondTime() {
        sender.send(1, 3, 2, 2);
        sender.assertCounts(4, 0, 1, 1, 0);
    }

    @Test
    void aStragglerBehindTheFirstPacketMovesTheStartBack() {
        sender.send(0, 65_535, 1);
        sender.assertCounts(3, 0, 1, 0, 0);
        sender.send(65_532);
        sender.assertCounts(4, 2, 2, 0, 0);
        assertEquals(1, highest());
    }

    @Test
    void theWindowsLastNumberTellsADuplicate() {
        sender.sendRange(0, WINDOW - 1).send(0);
        sender.assertCounts(WINDOW + 1, 0, 0, 1, 0);
    }

    @Test
    void behindTheWindowIsLate() {
        sender.sendRange(0, WINDOW).send(0);
        sender.assertCounts(WINDOW + 2, 0, 0, 0, 1);
        sender.send(WINDOW + 1);
        sender.assertCounts(WINDOW + 3, 0, 0, 0, 1);
        assertEquals(0, sender.count(RESTARTS));
    }

    @Test
    void theWindowsLastNumberIsHealed() {
        sender.send(0).sendRange(2, WINDOW).send(1);
        sender.assertCounts(WINDOW + 1, 0, 1, 0, 0);
    }

    @Test
    void behindTheWindowNothingIsHealed() {
        sender.send(0).sendRange(2, WINDOW + 1).send(1);
        sender.assertCounts(WINDOW + 2, 1, 0, 0, 1);
    }

    /** Numbers passed over must not keep the bits of those a window before them, whatever words they lie in. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 127, 128, 129, 1_000, 2_998, 2_999})
    void whatAJumpPassesOverHasNotArrived(int lost) {
        for (int start = 10_000; start < 10_000 + 130; start += 13) {
            var jumping = new RtpSender(new RtpFlow());
            long beyond = start + WINDOW + lost;
            jumping.sendRange(start, start + WINDOW - 1).send(beyond);
            jumping.assertCounts(WINDOW + 1, lost, 0, 0, 0);
            jumping.sendRange(start + WINDOW, beyond - 1);
            jumping.assertCounts(WINDOW + 1 + lost, 0, lost, 0, 0);
            // What was within reach before the jump and still is, is a duplicate.
            jumping.send(beyond - WINDOW + 1, start + WINDOW - 1);
            jumping.assertCounts(WINDOW + 3 + lost, 0, lost, 2, 0);
        }
    }

    @Test
    void aJumpOfMoreThanTheWindowForgetsAllOfIt() {
        sender.spacingNs = 2_000;
        sender.sendRange(0, 9_999).pause(20_000_000).send(19_999);
        sender.assertCounts(10_001, 9_999, 0, 0, 0);
        sender.sendRange(19_999 - WINDOW + 1, 19_998);
        sender.assertCounts(10_001 + WINDOW - 1, 9_999 - WINDOW + 1, WINDOW - 1, 0, 0);
    }

    @Test
    void aWindowIsNotFooledByTheNumbersOfTheCycleBefore() {
        sender.sendRange(0, 65_536 + 100).send(65_536 + 102, 65_536 + 101);
        sender.assertCounts(65_536 + 103, 0, 1, 0, 0);
        assertEquals(65_536 + 103, sender.count(RECEIVED));
    }
}
