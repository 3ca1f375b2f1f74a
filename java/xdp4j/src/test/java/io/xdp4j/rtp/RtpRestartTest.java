// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import static io.xdp4j.rtp.RtpCounter.DISCONTINUITIES;
import static io.xdp4j.rtp.RtpCounter.EXPECTED;
import static io.xdp4j.rtp.RtpCounter.RESTARTS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What tells a long loss from a sender that started again. */
class RtpRestartTest {
    private static final long MS = 1_000_000;
    private static final long SPACING_AT_520_KPPS_NS = 1_923;

    private final RtpSender sender = new RtpSender(new RtpFlow());

    private void assertRestarts(long restarts) {
        assertEquals(restarts, sender.count(RESTARTS), "restarts");
    }

    private long highest() {
        return sender.statistics().latestStream().orElseThrow().extendedHighestSequence();
    }

    @Test
    void backwardTheNextPacketConfirms() {
        sender.sendRange(50_000, 50_099).send(100);
        sender.assertCounts(101, 0, 0, 0, 1);
        assertRestarts(0);
        sender.send(101, 102);
        sender.assertCounts(103, 0, 0, 0, 0);
        assertRestarts(1);
        assertEquals(1, sender.count(DISCONTINUITIES));
        assertEquals(102, highest());
    }

    @Test
    void forwardTheNextPacketConfirms() {
        sender.sendRange(100, 199).send(20_000, 20_001);
        sender.assertCounts(102, 0, 0, 0, 0);
        assertRestarts(1);
        assertEquals(20_001, highest());
    }

    @Test
    void theEarlierRunsLossIsKept() {
        sender.send(50_000, 50_003, 100, 101, 103);
        sender.assertCounts(5, 3, 0, 0, 0);
        assertEquals(4 + 4, sender.count(EXPECTED));
    }

    @Test
    void aRestartAcrossTheWrap() {
        sender.sendRange(30_000, 30_010).send(65_535, 65_536, 65_537);
        sender.assertCounts(14, 0, 0, 0, 0);
        assertRestarts(1);
        assertEquals(65_537, highest());
    }

    @Test
    void aStrayPacketIsLateAndHealsNothing() {
        sender.sendRange(100, 200).send(20_000).sendRange(201, 300).send(50_000).sendRange(301, 400);
        sender.assertCounts(303, 0, 0, 0, 2);
        assertRestarts(0);
        assertEquals(4, sender.count(DISCONTINUITIES));
    }

    @Test
    void aRestartWhoseSecondPacketIsLostBeginsAtTheThird() {
        sender.sendRange(50_000, 50_010).send(100, 102, 103, 104);
        sender.assertCounts(11 + 4, 0, 0, 0, 1);
        assertRestarts(1);
    }

    @Test
    void theRunBeforeLeavesNoDuplicatesBehind() {
        sender.sendRange(0, 9_999).sendRange(4_096, 4_100).send(4_102, 4_101);
        sender.assertCounts(10_007, 0, 1, 0, 0);
        assertRestarts(1);
    }

    @Test
    void stragglersOfTheRunBeforeAreLate() {
        sender.sendRange(100, 200).send(3_300, 3_301);
        assertRestarts(1);
        sender.send(201, 3_302);
        sender.assertCounts(105, 0, 0, 0, 1);
        assertRestarts(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2_999})
    void aJumpWithinMaxDropoutIsALossAtAnyPace(int lost) {
        sender.spacingNs = 0;
        sender.sendRange(1, 100).send(101 + lost, 102 + lost);
        sender.assertCounts(102, lost, 0, 0, 0);
        assertRestarts(0);
    }

    @Test
    void oneMoreThanMaxDropoutIsNot() {
        sender.spacingNs = 0;
        sender.sendRange(1, 100).send(101 + 3_000, 102 + 3_000);
        sender.assertCounts(102, 0, 0, 0, 0);
        assertRestarts(1);
    }

    /** 46 ms of a stream of 520,000 packets a second. */
    @ParameterizedTest
    @ValueSource(ints = {100, 5_000, 65_536, 200_000})
    void aLossOf24000AtTheStreamsPaceIsALoss(int before) {
        sender.spacingNs = SPACING_AT_520_KPPS_NS;
        sender.sendRange(0, before - 1).pause(46 * MS).sendRange(before + 24_000, before + 24_099);
        sender.assertCounts(before + 100, 24_000, 0, 0, 0);
        assertRestarts(0);
    }

    @Test
    void theSameJumpWithoutThePauseIsARestart() {
        sender.spacingNs = SPACING_AT_520_KPPS_NS;
        sender.sendRange(0, 4_999).sendRange(29_000, 29_099);
        sender.assertCounts(5_100, 0, 0, 0, 0);
        assertRestarts(1);
    }

    @Test
    void aSlowStreamCannotHaveLost10000InASecond() {
        sender.sendRange(0, 499).pause(1_000 * MS).send(10_500, 10_501);
        sender.assertCounts(502, 0, 0, 0, 0);
        assertRestarts(1);
    }

    /** 10 s at a packet a millisecond: twice the 10,000 packets, and MAX_DROPOUT. */
    @ParameterizedTest
    @CsvSource({"22900, 0", "23100, 1"})
    void theLimitIsTwiceThePace(int jump, int restarts) {
        sender.spacingNs = MS;
        sender.sendRange(0, 9_999).pause(9_999 * MS).send(9_999 + jump, 10_000 + jump);
        assertRestarts(restarts);
        sender.assertCounts(10_002, restarts == 0 ? jump - 1 : 0, 0, 0, 0);
    }

    @Test
    void whatWasLostInASilenceIsNoPartOfThePace() {
        sender.spacingNs = MS;
        sender.sendRange(0, 999).pause(10_000 * MS).sendRange(20_000, 20_999).send(45_000, 45_001);
        sender.assertCounts(2_002, 19_000, 0, 0, 0);
        assertRestarts(1);
    }

    @Test
    void whenTheSequenceMovedInTheLongestSilenceOnlyThatIsThePace() {
        sender.spacingNs = 0;
        sender.send(0).pause(MS).send(0).pause(10 * MS).send(2_900).pause(100 * MS).send(12_900, 12_901);
        sender.assertCounts(5, 2_899 + 9_999, 0, 1, 0);
        assertRestarts(0);
    }

    @Test
    void theStepOfARestartIsNoPartOfThePace() {
        sender.sendRange(100, 199).send(20_100).pause(1_000 * MS);
        sender.spacingNs = SPACING_AT_520_KPPS_NS;
        sender.sendRange(20_101, 20_300).pause(46 * MS).send(44_301, 44_302);
        sender.assertCounts(303, 24_000, 0, 0, 0);
        assertRestarts(1);
    }

    @Test
    void theStepBackOfAStragglerIsNoPartOfThePace() {
        sender.spacingNs = MS;
        sender.sendRange(0, 4_999).pause(1_000 * MS).send(1_000, 11_000, 11_001);
        sender.assertCounts(5_003, 0, 0, 1, 0);
        assertRestarts(1);
    }

    @Test
    void aPauseOfTheSenderDoesNotSpoilItsPace() {
        sender.spacingNs = SPACING_AT_520_KPPS_NS;
        sender.send(0).pause(60_000 * MS).sendRange(1, 2_000).pause(46 * MS).send(26_001, 26_002);
        sender.assertCounts(2_003, 24_000, 0, 0, 0);
        assertRestarts(0);
    }

    /** Stamped as they are read: what the socket buffer kept stands between the silence and the gap. */
    @Test
    void theGapMayComeAfterTheBufferedPackets() {
        sender.spacingNs = SPACING_AT_520_KPPS_NS;
        sender.sendRange(0, 9_999).pause(46 * MS);
        sender.spacingNs = 500;
        sender.sendRange(10_000, 10_276).sendRange(34_000, 34_999);
        sender.assertCounts(11_277, 34_000 - 10_277, 0, 0, 0);
        assertRestarts(0);
    }

    @Test
    void aLongSilenceIsForgottenAfterTwoCycles() {
        sender.spacingNs = SPACING_AT_520_KPPS_NS;
        sender.sendRange(0, 999).pause(1_000 * MS).sendRange(1_000, 199_999).sendRange(220_000, 220_009);
        sender.assertCounts(200_010, 0, 0, 0, 0);
        assertRestarts(1);
    }

    @Test
    void aPaceOfLongAgoIsForgottenAfterTwoCycles() {
        sender.spacingNs = 100 * MS;
        sender.sendRange(0, 9_999);
        sender.spacingNs = SPACING_AT_520_KPPS_NS;
        sender.sendRange(10_000, 199_999).pause(46 * MS).send(224_000, 224_001);
        sender.assertCounts(200_002, 24_000, 0, 0, 0);
        assertRestarts(0);
    }

    @Test
    void theSecondPacketOfAStreamHasNoPaceToJudgeItBy() {
        sender.send(0).pause(1_000 * MS).send(10_000, 10_001);
        sender.assertCounts(3, 0, 0, 0, 0);
        assertRestarts(1);
    }

    @Test
    void aBurstWithoutTimeIsFasterThanAnyLoss() {
        sender.spacingNs = 0;
        sender.sendRange(0, 63).pause(46 * MS).sendRange(24_064, 24_127);
        sender.assertCounts(128, 24_000, 0, 0, 0);
        assertRestarts(0);
    }

    @Test
    void timesThatStandStillWithinBurstsKeepTheMeanPace() {
        sender.spacingNs = 0;
        for (int burst = 0; burst < 100; burst++) {
            sender.sendRange(burst * 64, burst * 64 + 63).pause(64 * SPACING_AT_520_KPPS_NS);
        }
        sender.pause(46 * MS).sendRange(6_400 + 24_000, 6_463 + 24_000);
        sender.assertCounts(6_464, 24_000, 0, 0, 0);
        sender.sendRange(6_464 + 44_000, 6_465 + 44_000);
        assertRestarts(0); // the silence is still in the window of two cycles
    }

    @Test
    void aRestartInABurstWithoutTime() {
        sender.spacingNs = 0;
        sender.sendRange(0, 63).sendRange(24_064, 24_065);
        sender.assertCounts(66, 0, 0, 0, 0);
        assertRestarts(1);
    }

    @Test
    void aClockThatStepsBackDoesNoHarm() {
        sender.sendRange(0, 99).pause(-10_000 * MS).sendRange(100, 199).send(30_000, 30_001);
        RtpSender.assertBalance(sender.statistics());
        assertEquals(202, sender.count(RtpCounter.RECEIVED));
    }
}
