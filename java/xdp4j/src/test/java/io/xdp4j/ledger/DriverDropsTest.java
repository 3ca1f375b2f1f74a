// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.xdp.NetDeviceCounters;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Counters as the drivers print them by {@code ethtool -S}, cut to those of receiving. */
class DriverDropsTest {
    /** What a driver shows; in the order given. */
    private static NetDeviceCounters counters(
            String driver, long dropped, long missed, long fifo, Object... namesAndValues) {
        Map<String, Long> ethtool = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            ethtool.put((String) namesAndValues[i], ((Number) namesAndValues[i + 1]).longValue());
        }
        return new NetDeviceCounters(driver, 1_000_000, dropped, missed, 0, fifo, ethtool, 512, 4_096);
    }

    private static DriverDrops between(NetDeviceCounters first, NetDeviceCounters last) {
        DriverDrops drops = new DriverDrops();
        drops.update(first);
        drops.update(last);
        return drops;
    }

    @Test
    void whatWasThereBeforeIsNoLoss() {
        DriverDrops drops = new DriverDrops();
        assertEquals(0, drops.update(counters("ixgbe", 5, 900, 0, "rx_missed_errors", 900)));
        assertEquals(Map.of(), drops.moved());
    }

    @Test
    void igbCountsOnePacketThreeTimes() {
        DriverDrops drops = between(
                counters("igb", 0, 7, 100, "rx_no_buffer_count", 50, "rx_missed_errors", 7, "rx_fifo_errors", 100,
                        "rx_queue_0_drops", 60, "rx_queue_1_drops", 40),
                counters("igb", 0, 7, 130, "rx_no_buffer_count", 5_050, "rx_missed_errors", 7, "rx_fifo_errors", 130,
                        "rx_queue_0_drops", 70, "rx_queue_1_drops", 60));
        assertEquals(30, drops.packets());
        assertEquals(
                "{rx_fifo_errors=30, rx_no_buffer_count=5000, rx_queue_0_drops=10, rx_queue_1_drops=20}",
                drops.moved().toString());
    }

    @Test
    void aLargeKindOfLongAgoHidesNothing() {
        assertEquals(
                12,
                between(
                                counters("ixgbe", 0, 1_000_000, 0, "rx_no_dma_resources", 0),
                                counters("ixgbe", 0, 1_000_000, 0, "rx_no_dma_resources", 12))
                        .packets());
    }

    @Test
    void mlx5HasTheSameByPriority() {
        DriverDrops drops = between(
                counters("mlx5_core", 0, 0, 0, "rx_out_of_buffer", 0, "rx_discards_phy", 0, "rx_prio0_discards", 0,
                        "rx_prio1_discards", 0, "rx_steer_missed_packets", 0),
                counters("mlx5_core", 3, 8, 0, "rx_out_of_buffer", 8, "rx_discards_phy", 21, "rx_prio0_discards", 20,
                        "rx_prio1_discards", 1, "rx_steer_missed_packets", 4_000));
        assertEquals(21, drops.packets());
    }

    @Test
    void i40eAndIceCountAtThePort() {
        assertEquals(
                9,
                between(counters("i40e", 0, 0, 0, "rx_dropped", 0, "port.rx_dropped", 1),
                                counters("i40e", 9, 0, 0, "rx_dropped", 9, "port.rx_dropped", 10))
                        .packets());
        assertEquals(
                9,
                between(counters("i40e", 0, 1, 0, "port.rx_discards", 1),
                                counters("i40e", 0, 10, 0, "port.rx_discards", 10))
                        .packets());
        assertEquals(
                6,
                between(counters("ice", 0, 0, 0, "rx_dropped.nic", 0), counters("ice", 6, 0, 0, "rx_dropped.nic", 6))
                        .packets());
    }

    @Test
    void ringsAreAddedUp() {
        assertEquals(
                5,
                between(
                                counters("bnxt_en", 0, 0, 0, "[0]: rx_discards", 4, "[1]: rx_discards", 0),
                                counters("bnxt_en", 0, 5, 0, "[0]: rx_discards", 6, "[1]: rx_discards", 3))
                        .packets());
    }

    @Test
    void enaHasOnlyTheLinksOwn() {
        assertEquals(11, between(counters("ena", 100, 0, 0), counters("ena", 111, 0, 0)).packets());
        assertEquals(0, between(counters("e1000e", 100, 0, 0), counters("e1000e", 111, 0, 0)).packets());
    }

    @Test
    void vethsRingIsNotWhatAnXdpProgramCouldNotRedirect() {
        DriverDrops drops = between(
                counters("veth", 1_000, 0, 0, "peer_ifindex", 2, "rx_queue_0_drops", 1_000, "rx_queue_1_drops", 0),
                counters("veth", 1_860, 0, 0, "peer_ifindex", 2, "rx_queue_0_drops", 1_100, "rx_queue_1_drops", 16));
        assertEquals(744, drops.packets());
        assertEquals(Map.of("rx_dropped less rx_queue_N_drops", 744L), drops.moved());
    }

    @Test
    void vethsRingNeverGetsBackWhatItDropped() {
        DriverDrops drops = new DriverDrops();
        drops.update(counters("veth", 0, 0, 0, "rx_queue_0_drops", 0));
        assertEquals(10, drops.update(counters("veth", 10, 0, 0, "rx_queue_0_drops", 0)));
        // 5 redirects were refused between the two readings
        assertEquals(10, drops.update(counters("veth", 10, 0, 0, "rx_queue_0_drops", 5)));
        assertEquals(12, drops.update(counters("veth", 17, 0, 0, "rx_queue_0_drops", 5)));
    }

    @Test
    void virtioHasTheXdpProgramsDropsAmongItsDrops() {
        assertEquals(
                3,
                between(
                                counters("virtio_net", 0, 0, 0, "rx0_drops", 0, "rx0_xdp_drops", 0, "rx0_kicks", 1),
                                counters("virtio_net", 10, 0, 0, "rx0_drops", 10, "rx0_xdp_drops", 7, "rx0_kicks", 9))
                        .packets());
        assertEquals(
                4,
                between(
                                counters("virtio_net", 0, 0, 0, "rx_queue_0_drops", 0, "rx_queue_0_xdp_drops", 0),
                                counters("virtio_net", 4, 0, 0, "rx_queue_0_drops", 4, "rx_queue_0_xdp_drops", 0))
                        .packets());
    }

    @Test
    void aDriverThatWasLoadedAgainBeginsAnew() {
        DriverDrops drops = new DriverDrops();
        drops.update(counters("ixgbe", 0, 100, 0, "rx_missed_errors", 100));
        assertEquals(20, drops.update(counters("ixgbe", 0, 120, 0, "rx_missed_errors", 120)));
        assertEquals(25, drops.update(counters("ixgbe", 0, 5, 0, "rx_missed_errors", 5)));
    }

    @Test
    void aDriverWithoutCountersOfItsOwnHasTheLinks() {
        assertEquals(2, between(counters("", 0, 0, 0), counters("", 40, 1, 2)).packets());
    }

    /** Sent at different times by the card: the sum of two refreshes is that of one. */
    @Test
    void countersThatAreRefreshedAtDifferentTimesAreNotAddedUp() {
        DriverDrops drops = new DriverDrops();
        drops.update(counters("ixgbe", 0, 0, 0, "rx_no_dma_resources", 0));
        assertEquals(10, drops.update(counters("ixgbe", 0, 10, 0, "rx_no_dma_resources", 0)));
        assertEquals(10, drops.update(counters("ixgbe", 0, 10, 0, "rx_no_dma_resources", 10)));
    }
}
