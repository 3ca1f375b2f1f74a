// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GaplessDropsTest {
    private final GaplessDrops drops = new GaplessDrops();

    /** All traffic is the flows'. */
    private void share(long dropped, Map<Integer, Long> packets) {
        share(dropped, packets, packets.values().stream().mapToLong(Long::longValue).sum());
    }

    private void share(long dropped, Map<Integer, Long> packets, long traffic) {
        drops.share(dropped, new TreeMap<>(packets), traffic);
    }

    private void add(int... flows) {
        for (int flow : flows) {
            drops.add(flow);
        }
    }

    @Test
    void nobodyHasAnyWhenThereIsNobody() {
        share(10, Map.of(), 0);
        add(0);
        share(10, Map.of(0, 0L));
        assertEquals(0, drops.of(0), "from before it came");
    }

    @Test
    void eachHasItsPartByItsTraffic() {
        add(0, 1);
        share(40, Map.of(0, 300L, 1, 100L));
        assertEquals(30, drops.of(0));
        assertEquals(10, drops.of(1));
    }

    @Test
    void othersHaveTheirsToo() {
        add(0);
        share(40, Map.of(0, 300L), 1_200);
        assertEquals(10, drops.of(0));
        share(40, Map.of(0, 990L), 1_000);
        assertEquals(40, drops.of(0), "the rest is ARP and the like");
    }

    /** When a gap shows whose they were. */
    @Test
    void theyMayBecomeFewer() {
        add(0, 1);
        share(40, Map.of(0, 100L, 1, 100L));
        share(20, Map.of(0, 100L, 1, 100L));
        assertEquals(10, drops.of(0));
    }

    @Test
    void whatAFlowHadGoesWithIt() {
        add(0, 1);
        share(40, Map.of(0, 300L, 1, 100L));
        assertEquals(30, drops.remove(0));
        share(10, Map.of(1, 100L), 400);
        assertEquals(10, drops.of(1));
        share(60, Map.of(1, 200L), 500);
        assertEquals(60, drops.of(1), "all traffic since is its own");
    }

    @Test
    void whatAFlowHadStaysWhenAnotherComes() {
        add(0);
        share(40, Map.of(0, 400L), 800);
        add(7);
        share(40, Map.of(0, 400L, 7, 1_000L), 1_800);
        assertEquals(20, drops.of(0));
        assertEquals(0, drops.of(7));
        share(90, Map.of(0, 500L, 7, 1_300L), 2_200); // of the 1,400 since: 100 and 1,300
        assertEquals(20 + 4, drops.of(0));
        assertEquals(46, drops.of(7));
    }

    /** The last packets of a stream, and then silence. */
    @Test
    void whenNothingCameSinceTheTrafficBeforeTells() {
        add(0, 1);
        share(0, Map.of(0, 100L, 1, 300L));
        drops.remove(0);
        share(50, Map.of(1, 300L), 400);
        assertEquals(38, drops.of(1)); // 300 of 400
    }

    @Test
    void gapsThatShowLaterTakeFromAllWhoAreThere() {
        add(0, 1);
        share(40, Map.of(0, 100L, 1, 100L));
        add(2);
        share(20, Map.of(0, 100L, 1, 100L, 2, 500L));
        assertEquals(10, drops.of(0));
        assertEquals(10, drops.of(1));
        assertEquals(0, drops.of(2));
    }

    @Test
    void anIdMayBeGivenAgain() {
        add(0);
        share(40, Map.of(0, 100L));
        assertEquals(40, drops.remove(0));
        add(0);
        share(0, Map.of(0, 0L), 100);
        assertEquals(0, drops.of(0));
        share(5, Map.of(0, 10L), 110);
        assertEquals(5, drops.of(0));
    }
}
