// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GapClaimsTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private static void assertClaims(GapClaims claims, int flow, long upstream, long nic) {
        assertEquals(upstream, claims.upstream(flow), "upstream");
        assertEquals(nic, claims.claimed(Cause.NIC, flow), "NIC");
    }

    @Test
    void whatNobodyClaimsIsUpstream() {
        GapClaims claims = new GapClaims(1);
        claims.settle(new long[] {7}, true, 0);
        assertClaims(claims, 0, 7, 0);
    }

    @Test
    void theDriversDropsClaimGaps() {
        GapClaims claims = new GapClaims(1);
        claims.dropped(Cause.NIC, 5);
        claims.settle(new long[] {7}, true, 0);
        assertClaims(claims, 0, 2, 5);
        assertEquals(0, claims.left(Cause.NIC));
    }

    /** A ring overrun is counted at once; the gap shows with the next packet that comes through. */
    @Test
    void dropsMayComeBeforeTheirGap() {
        GapClaims claims = new GapClaims(1);
        claims.dropped(Cause.NIC, 5);
        claims.settle(new long[] {0}, true, 0);
        assertEquals(5, claims.left(Cause.NIC));
        claims.settle(new long[] {5}, true, SECOND_NS);
        assertClaims(claims, 0, 0, 5);
    }

    /** Drivers of real cards refresh their counters every second or two. */
    @Test
    void dropsMayComeALittleAfterTheirGap() {
        GapClaims claims = new GapClaims(1);
        claims.settle(new long[] {5}, true, 0);
        assertClaims(claims, 0, 5, 0);
        claims.dropped(Cause.NIC, 5);
        claims.settle(new long[] {5}, true, 2 * SECOND_NS);
        assertClaims(claims, 0, 0, 5);
    }

    @Test
    void dropsOfNowAreNotForGapsOfLongAgo() {
        GapClaims claims = new GapClaims(1);
        claims.settle(new long[] {5}, true, 0);
        claims.settle(new long[] {5}, true, 4 * SECOND_NS);
        claims.dropped(Cause.NIC, 3);
        claims.settle(new long[] {6}, true, 5 * SECOND_NS);
        assertClaims(claims, 0, 5, 1);
        assertEquals(2, claims.left(Cause.NIC));
    }

    /** It could be the flow's last packets, or other traffic's: a gap that opens an hour later is not of these. */
    @Test
    void dropsOfLongAgoAreNotForGapsOfNow() {
        GapClaims claims = new GapClaims(1);
        claims.settle(new long[] {0}, true, 0);
        claims.dropped(Cause.NIC, 1_000);
        claims.settle(new long[] {0}, true, SECOND_NS);
        claims.settle(new long[] {0}, true, 3_600 * SECOND_NS);
        claims.settle(new long[] {500}, true, 3_601 * SECOND_NS);
        assertClaims(claims, 0, 500, 0);
        assertEquals(1_000, claims.left(Cause.NIC));
    }

    /** A sender that pauses after an overrun: its gap opens when it goes on. */
    @Test
    void whileNothingArrivesDropsDoNotGrowOld() {
        GapClaims claims = new GapClaims(1);
        claims.settle(new long[] {0}, true, 0);
        claims.dropped(Cause.NIC, 1_000);
        claims.settle(new long[] {0}, true, SECOND_NS);
        claims.settle(new long[] {0}, false, 3_600 * SECOND_NS);
        claims.settle(new long[] {1_000}, true, 3_601 * SECOND_NS);
        assertClaims(claims, 0, 0, 1_000);
        assertEquals(0, claims.left(Cause.NIC));
    }

    @Test
    void fragmentsClaimLikeInvalidPackets() {
        GapClaims claims = new GapClaims(1);
        claims.dropped(Cause.INVALID, 0, 1);
        claims.dropped(Cause.FRAGMENTED, 0, 4);
        claims.settle(new long[] {3}, true, 0);
        assertEquals(1, claims.claimed(Cause.INVALID, 0));
        assertEquals(2, claims.claimed(Cause.FRAGMENTED, 0));
        assertEquals(2, claims.left(Cause.FRAGMENTED, 0));
    }

    @Test
    void dropsOfAllTrafficAreSharedInProportion() {
        GapClaims claims = new GapClaims(2);
        claims.dropped(Cause.NIC, 40);
        claims.settle(new long[] {30, 50}, true, 0);
        assertClaims(claims, 0, 15, 15);
        assertClaims(claims, 1, 25, 25);
    }

    @Test
    void aFlowsOwnInvalidPacketsGoFirst() {
        GapClaims claims = new GapClaims(2);
        claims.dropped(Cause.INVALID, 0, 4);
        claims.dropped(Cause.INVALID, 1, 2);
        claims.dropped(Cause.NIC, 10);
        claims.settle(new long[] {9, 0}, true, 0);
        assertEquals(4, claims.claimed(Cause.INVALID, 0));
        assertClaims(claims, 0, 0, 5);
        assertEquals(2, claims.left(Cause.INVALID, 1));
        assertEquals(5, claims.left(Cause.NIC));
    }

    @Test
    void withZeroCopyTheFillRingClaimsBeforeTheCard() {
        GapClaims claims = new GapClaims(1);
        claims.dropped(Cause.FILL_RING_EMPTY, 6);
        claims.dropped(Cause.NIC, 2);
        claims.settle(new long[] {7}, true, 0);
        assertEquals(6, claims.claimed(Cause.FILL_RING_EMPTY, 0));
        assertClaims(claims, 0, 0, 1);
    }

    @Test
    void stragglersHealWhatNobodyClaimed() {
        GapClaims claims = new GapClaims(1);
        claims.dropped(Cause.NIC, 3);
        claims.settle(new long[] {10}, true, 0);
        claims.settle(new long[] {4}, true, SECOND_NS);
        assertClaims(claims, 0, 1, 3);
        claims.settle(new long[] {3}, true, 10 * SECOND_NS); // also when it was upstream's for good
        assertClaims(claims, 0, 0, 3);
    }

    @Test
    void aClaimOnAGapThatHealsGoesBack() {
        GapClaims claims = new GapClaims(1);
        claims.dropped(Cause.NIC, 3);
        claims.settle(new long[] {4}, true, 0);
        claims.settle(new long[] {1}, true, SECOND_NS);
        assertClaims(claims, 0, 0, 1);
        assertEquals(2, claims.left(Cause.NIC));
        claims.dropped(Cause.INVALID, 0, 1);
        claims.settle(new long[] {1}, true, SECOND_NS);
        assertEquals(1, claims.left(Cause.INVALID, 0));
    }

    @Test
    void aClaimOfAnInvalidPacketGoesBackToo() {
        GapClaims claims = new GapClaims(1);
        claims.dropped(Cause.INVALID, 0, 2);
        claims.settle(new long[] {2}, true, 0);
        claims.settle(new long[] {0}, true, SECOND_NS);
        assertEquals(2, claims.left(Cause.INVALID, 0));
        assertEquals(0, claims.claimed(Cause.INVALID, 0));
    }

    /** What a counter has since the last look is as fresh as the gaps since then. */
    @Test
    void looksMayBeFarApart() {
        GapClaims claims = new GapClaims(1);
        claims.settle(new long[] {0}, true, 0);
        claims.dropped(Cause.INVALID, 0, 5);
        claims.dropped(Cause.NIC, 7);
        claims.settle(new long[] {0}, true, 60 * SECOND_NS);
        claims.settle(new long[] {12}, true, 60 * SECOND_NS + 1_000_000);
        assertEquals(5, claims.claimed(Cause.INVALID, 0));
        assertClaims(claims, 0, 0, 7);
    }

    /** A packet dropped for its checksum is counted by the stack before the socket, which then has it as well. */
    @Test
    void aCounterThatWasWrongTakesItBack() {
        GapClaims claims = new GapClaims(1);
        claims.dropped(Cause.STACK, 5);
        claims.settle(new long[] {0}, true, 0);
        claims.dropped(Cause.STACK, 0);
        claims.settle(new long[] {5}, true, SECOND_NS);
        assertEquals(5, claims.upstream(0));
        claims.dropped(Cause.STACK, 2);
        claims.settle(new long[] {5}, true, SECOND_NS);
        assertEquals(2, claims.claimed(Cause.STACK, 0));
    }

    @Test
    void flowsMayComeWhileGapsAreOpen() {
        GapClaims claims = new GapClaims(0);
        claims.settle(new long[0], false, 0);
        claims.makeRoom(1);
        claims.settle(new long[] {4}, true, 0);
        claims.makeRoom(3);
        claims.makeRoom(2); // they keep what they have
        claims.dropped(Cause.NIC, 12);
        claims.settle(new long[] {4, 0, 8}, true, SECOND_NS);
        assertClaims(claims, 0, 0, 4);
        assertClaims(claims, 1, 0, 0);
        assertClaims(claims, 2, 0, 8);
        claims.dropped(Cause.INVALID, 2, 1);
        claims.settle(new long[] {4, 0, 9}, true, SECOND_NS);
        assertEquals(1, claims.claimed(Cause.INVALID, 2));
    }

    @Test
    void aFlowThatGoesTakesItsGapsWithIt() {
        GapClaims claims = new GapClaims(2);
        claims.dropped(Cause.INVALID, 0, 3);
        claims.dropped(Cause.NIC, 10);
        claims.settle(new long[] {23, 10}, true, 0);
        assertClaims(claims, 0, 13, 7);
        assertClaims(claims, 1, 7, 3);
        claims.forget(0);
        assertClaims(claims, 0, 0, 0);
        assertEquals(0, claims.claimed(Cause.INVALID, 0));
        assertEquals(0, claims.left(Cause.INVALID, 0));
        assertClaims(claims, 1, 7, 3);

        claims.dropped(Cause.NIC, 18); // eight more, of the gaps that are still open: seven
        claims.settle(new long[] {0, 10}, true, SECOND_NS);
        assertClaims(claims, 1, 0, 10);
        assertEquals(1, claims.left(Cause.NIC));

        claims.settle(new long[] {2, 10}, true, SECOND_NS); // another flow
        assertClaims(claims, 0, 1, 1);
    }

    /** Ids of flows that have gone, at the end. */
    @Test
    void flowsThatAreNotNamedMissNothing() {
        GapClaims claims = new GapClaims(3);
        claims.dropped(Cause.NIC, 4);
        claims.settle(new long[] {2}, true, 0);
        assertClaims(claims, 0, 0, 2);
        assertClaims(claims, 2, 0, 0);
        assertEquals(2, claims.left(Cause.NIC));
    }

    /** They are in the account of a flow that has gone. */
    @Test
    void whatIsAccountedForWithoutAGapClaimsNone() {
        GapClaims claims = new GapClaims(1);
        claims.settle(new long[] {0}, true, 0);
        claims.dropped(Cause.NIC, 100);
        claims.settle(new long[] {0}, true, SECOND_NS);
        claims.settle(new long[] {0}, true, 10 * SECOND_NS); // for these it is too late
        claims.dropped(Cause.NIC, 130);
        claims.settle(new long[] {0}, true, 11 * SECOND_NS);
        claims.settle(Cause.NIC, 110);
        assertEquals(20, claims.left(Cause.NIC));
        claims.settle(new long[] {50}, true, 11 * SECOND_NS);
        assertClaims(claims, 0, 30, 20);
        assertEquals(0, claims.left(Cause.NIC));
    }

    /** A ledger that is looked at for months keeps no more than what can still be claimed. */
    @Test
    void gapsThatCanBeClaimedNoMoreAreUpstreams() {
        GapClaims claims = new GapClaims(2);
        long missing = 0;
        for (int second = 0; second < 10_000; second++) {
            missing += second % 2;
            claims.settle(new long[] {missing, 0}, true, second * SECOND_NS);
        }
        claims.dropped(Cause.NIC, 1_000);
        claims.settle(new long[] {missing, 0}, true, 10_000 * SECOND_NS);
        assertClaims(claims, 0, missing - 2, 2); // of the last three seconds
    }
}
