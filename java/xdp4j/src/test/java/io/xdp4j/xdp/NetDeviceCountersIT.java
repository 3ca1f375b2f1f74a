// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import io.xdp4j.source.RtpSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("integration")
@Timeout(60)
class NetDeviceCountersIT {
    private static final int ENODEV = 19;

    private VethPair veth;

    @BeforeEach
    void plug() throws Exception {
        veth = VethPair.create(2);
    }

    @AfterEach
    void unplug() throws Exception {
        if (veth != null) {
            veth.close();
        }
    }

    /** Names and order as in veth_get_strings of Linux 6.18: the other end's index, then seven for each RX queue. */
    @Test
    void readsWhatEthtoolPrints() throws Exception {
        NetDeviceCounters counters = NetDeviceCounters.read(VethPair.RX);
        assertEquals("veth", counters.driver());
        assertTrue(counters.ethtoolSupported());
        List<String> names = List.copyOf(counters.ethtool().keySet());
        assertEquals(
                List.of("peer_ifindex", "rx_queue_0_xdp_packets", "rx_queue_0_xdp_bytes", "rx_queue_0_drops"),
                names.subList(0, 4));
        assertTrue(names.contains("rx_queue_1_drops"), names.toString());
        assertEquals(NetDevice.find(VethPair.TX).index(), counters.ethtool().get("peer_ifindex"));
        assertThrows(UnsupportedOperationException.class, () -> counters.ethtool().put("x", 1L));
    }

    @Test
    void seesWhatArrives() throws Exception {
        NetDeviceCounters before = NetDeviceCounters.read(VethPair.RX);
        try (RtpSource source =
                RtpSource.on(VethPair.TX).flow(Flow.parse("239.1.2.3:5004")).positions(100).open()) {
            assertEquals(100, source.send(100));
            while (NetDeviceCounters.read(VethPair.RX).rxPackets() < before.rxPackets() + 100) {
                Thread.onSpinWait();
            }
            assertEquals(before.rxDropped(), NetDeviceCounters.read(VethPair.RX).rxDropped());
        }
    }

    @Test
    void anInterfaceWithoutCountersOfItsOwnHasTheLinks() throws Exception {
        NetDeviceCounters counters = NetDeviceCounters.read("lo");
        assertFalse(counters.ethtoolSupported());
        assertEquals(0, counters.rxRing());
        assertEquals(0, counters.rxMissed());
    }

    @Test
    void namesTheInterfaceThatIsNotThere() {
        KernelException e = assertThrows(KernelException.class, () -> NetDeviceCounters.read("nope0"));
        assertEquals(ENODEV, e.errno());
        assertTrue(e.getMessage().contains("'nope0'"), e.getMessage());
        assertThrows(NullPointerException.class, () -> NetDeviceCounters.read(null));
    }
}
