// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import static io.xdp4j.cli.doctor.HandMadeHost.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.xdp.XdpFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OffloadChecksTest {
    @TempDir
    private Path root;

    private HandMadeHost host;

    @BeforeEach
    void make() {
        host = new HandMadeHost(root);
    }

    private Finding finding(Check check) {
        return host.finding(check, new OffloadChecks(host.host(), host.nic())::addTo);
    }

    @Test
    void nothingIsWrongAtFirst() {
        for (Check check : Check.values()) {
            if (check.subject() == Subject.OFFLOADS) {
                assertEquals(List.of("ok"), verdict(finding(check)), check.toString());
            }
        }
    }

    /** README.md: beyond an MTU of 1,770, or with frames of 4,096 bytes 3,818, a packet takes several frames. */
    @Test
    void framesOfAPacket() {
        host.mtu = 1_770;
        assertEquals("A packet is one frame.", finding(Check.MTU).meaning());
        host.mtu = 1_771;
        assertTrue(finding(Check.MTU).meaning().contains("--frame-size 4096"));
        host.mtu = 3_818;
        assertTrue(finding(Check.MTU).meaning().contains("--frame-size 4096"));
        host.mtu = 3_819;
        assertEquals(List.of("problem", "ip link set eth1 mtu 1500"), verdict(finding(Check.MTU))); // Linux 6.1
        host.release = "6.6.10";
        assertEquals(List.of("warning", "ip link set eth1 mtu 1500"), verdict(finding(Check.MTU)));
        host.xdpFeatures.add(XdpFeature.RX_SG);
        assertEquals(List.of("ok"), verdict(finding(Check.MTU)));
        host.xdpFeatures.add(XdpFeature.XSK_ZEROCOPY);
        host.zeroCopyFrames = 1;
        assertEquals(List.of("warning", "ip link set eth1 mtu 1500"), verdict(finding(Check.MTU)));
        host.zeroCopyFrames = 8;
        assertEquals(List.of("ok"), verdict(finding(Check.MTU)));
    }

    @Test
    void packetsThatAreTooLongOrTooShort() {
        host.mtu = 65_536; // as the loopback has; an IP packet has a byte less at most
        assertEquals(List.of("problem", "ip link set eth1 mtu 9000"), verdict(finding(Check.MTU)));
        host.mtu = 1_499;
        assertEquals(List.of("warning", "ip link set eth1 mtu 1500"), verdict(finding(Check.MTU)));
        assertTrue(finding(Check.MTU).disruptive());
        assertTrue(finding(Check.MTU).meaning().endsWith(" interrupts reception, on many cards for seconds."));
    }

    @Test
    void groThatMergesUdp() {
        host.withFeature("rx-gro", true, false).withFeature("rx-udp-gro-forwarding", false, false);
        assertEquals(List.of("ok"), verdict(finding(Check.GRO)));
        host.withFeature("rx-udp-gro-forwarding", true, false);
        assertEquals(List.of("warning", "ethtool -K eth1 rx-udp-gro-forwarding off"), verdict(finding(Check.GRO)));
        host.withFeature("rx-gro-list", true, false);
        assertEquals(
                List.of("warning", "ethtool -K eth1 rx-udp-gro-forwarding off rx-gro-list off"),
                verdict(finding(Check.GRO)));
        host.withFeature("rx-gro", false, false); // without which the others do nothing
        assertEquals(List.of("ok"), verdict(finding(Check.GRO)));
    }

    @Test
    void hardwareGro() {
        host.withFeature("rx-gro-hw", true, false);
        assertEquals(List.of("warning", "ethtool -K eth1 rx-gro-hw off"), verdict(finding(Check.HARDWARE_GRO)));
        assertTrue(finding(Check.HARDWARE_GRO).disruptive());
        host.driver = "virtio_net"; // Linux: virtnet_xdp_set clears the guest's offloads
        assertEquals(List.of("ok"), verdict(finding(Check.HARDWARE_GRO)));
        host.withFeature("rx-gro-hw", true, true);
        assertEquals(List.of("warning"), verdict(finding(Check.HARDWARE_GRO)));
    }

    @Test
    void lro() {
        host.withFeature("rx-lro", true, false);
        assertEquals(List.of("warning", "ethtool -K eth1 lro off"), verdict(finding(Check.LRO)));
        assertTrue(finding(Check.LRO).disruptive());
        host.withFeature("rx-lro", true, true);
        assertEquals(List.of("warning"), verdict(finding(Check.LRO)));
        assertFalse(finding(Check.LRO).disruptive());
    }

    @Test
    void vlanTagsMatterWhereThereAreVlans() throws IOException {
        host.withFeature("rx-vlan-hw-parse", true, false);
        assertEquals(List.of("ok"), verdict(finding(Check.VLAN_TAGS)));
        // Linux 6.18, net/8021q/vlanproc.c
        host.with("/proc/net/vlan/config", "VLAN Dev name\t | VLAN ID\nName-Type: VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD\n"
                + "eth0.7         | 7  | eth0\n");
        assertEquals(List.of("ok"), verdict(finding(Check.VLAN_TAGS)));
        host.with("/proc/net/vlan/config", "VLAN Dev name\t | VLAN ID\nName-Type: VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD\n"
                + "eth0.7         | 7  | eth0\neth1.100       | 100  | eth1\n");
        assertEquals(List.of("warning", "ethtool -K eth1 rxvlan off"), verdict(finding(Check.VLAN_TAGS)));
        assertTrue(finding(Check.VLAN_TAGS).meaning().contains("(here eth1.100)"), finding(Check.VLAN_TAGS).toString());
        host.withFeature("rx-vlan-filter", true, false);
        assertEquals(
                List.of("warning", "ethtool -K eth1 rxvlan off rx-vlan-filter off"), verdict(finding(Check.VLAN_TAGS)));
        host.withFeature("rx-vlan-hw-parse", true, true);
        assertEquals(
                List.of("warning", "ethtool -K eth1 rx-vlan-filter off"), verdict(finding(Check.VLAN_TAGS)));
    }

    @Test
    void headerSplit() {
        host.headerSplit = true;
        assertEquals(
                List.of("warning", "ethtool -G eth1 tcp-data-split off"), verdict(finding(Check.HEADER_SPLIT)));
        assertTrue(finding(Check.HEADER_SPLIT).disruptive());
    }
}
