// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import static io.xdp4j.cli.doctor.HandMadeHost.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.xdp.NetDeviceSetup;
import io.xdp4j.xdp.XdpFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterfaceChecksTest {
    @TempDir
    private Path root;

    private HandMadeHost host;
    private long highestPps = 520_000;

    @BeforeEach
    void make() throws IOException {
        host = new HandMadeHost(root)
                .with(HandMadeHost.ETH1 + "/type", "1\n")
                .with(HandMadeHost.ETH1 + "/carrier", "1\n");
    }

    private Finding finding(Check check) {
        ProgramCheck program = new ProgramCheck(host.nic(), List.of(), ToolOutput::of);
        return host.finding(check, new InterfaceChecks(host.host(), host.nic(), highestPps, program)::addTo);
    }

    @Test
    void nothingIsWrongAtFirst() {
        for (Check check : Check.values()) {
            if (check.subject() == Subject.INTERFACE) {
                assertEquals(List.of("ok"), verdict(finding(check)), check.toString());
            }
        }
    }

    @Test
    void theLink() throws IOException {
        host.with(HandMadeHost.ETH1 + "/carrier", "0\n");
        assertEquals(List.of("problem"), verdict(finding(Check.LINK)));
        host.with(HandMadeHost.ETH1 + "/type", "65534\n"); // a tun
        assertEquals("no Ethernet", finding(Check.LINK).found());
        host.inSysfs = false;
        assertEquals(List.of("unknown", "mount -t sysfs sysfs /sys"), verdict(finding(Check.LINK)));
        host.up = false;
        assertEquals(List.of("problem", "ip link set eth1 up"), verdict(finding(Check.LINK)));
    }

    @Test
    void whatTheDriverAnnounces() {
        assertEquals("not by ixgbe", finding(Check.ZERO_COPY).found());
        host.xdpFeatures.add(XdpFeature.XSK_ZEROCOPY);
        assertEquals("announced by ixgbe", finding(Check.ZERO_COPY).found());
        assertTrue(finding(Check.ZERO_COPY).meaning().contains("only binding it shows"));
        host.xdpFeatures.remove(XdpFeature.REDIRECT); // without which no packet comes into a socket
        assertEquals(List.of("warning"), verdict(finding(Check.NATIVE_XDP)));
        host.xdpFeatures.clear();
        assertEquals(List.of("warning"), verdict(finding(Check.NATIVE_XDP)));
        host.xdpTold = false;
        assertEquals(List.of("unknown"), verdict(finding(Check.NATIVE_XDP)));
        assertEquals(List.of("unknown"), verdict(finding(Check.ZERO_COPY)));
    }

    /** docs/tuning.md: "no" under metadata; the names are those of the drivers' ethtool_drvinfo. */
    @ParameterizedTest
    @ValueSource(strings = {"ena", "gve", "hv_netvsc", "mana", "vmxnet3", "sfc", "mvneta", "fec", "fsl_enetc",
            "fsl_dpaa2_eth", "cpsw", "mtk_soc_eth"})
    void driversThatLeaveNoRoomForMetadata(String driver) {
        host.driver = driver;
        assertEquals(
                List.of("problem", "./xdp4j receive --interface eth1 --mode generic"),
                verdict(finding(Check.NATIVE_XDP)));
        host.xdpFeatures.clear(); // then generic mode it is, without being asked for
        assertEquals(List.of("warning"), verdict(finding(Check.NATIVE_XDP)));
    }

    /** ena has XDP since Linux 5.6, gve since 6.4; which the kernel tells from 6.3 on. */
    @Test
    void metadataWhereTheKernelTellsNothing() {
        host.xdpTold = false;
        host.driver = "ena";
        assertEquals(Verdict.PROBLEM, finding(Check.NATIVE_XDP).verdict());
        host.driver = "gve";
        assertEquals(Verdict.UNKNOWN, finding(Check.NATIVE_XDP).verdict());
    }

    @Test
    void aVethWithTooFewQueues() {
        host.driver = "veth";
        host.combined = false;
        host.rxQueues = 1;
        host.xdpFeatures.clear();
        host.cpus = List.of(0, 1);
        assertEquals(List.of("warning", "ethtool -L eth1 rx 4"), verdict(finding(Check.NATIVE_XDP)));
        assertTrue(finding(Check.NATIVE_XDP).disruptive());
        host.rxQueues = 4;
        assertEquals(List.of("warning"), verdict(finding(Check.NATIVE_XDP)));
    }

    /** As on many a virtual machine; seen on the one that this was written on. */
    @Test
    void aVirtioThatCannotStopHardwareGro() {
        host.driver = "virtio_net";
        host.withFeature("rx-gro-hw", true, false);
        host.xdpFeatures.add(XdpFeature.XSK_ZEROCOPY);
        assertEquals(Verdict.OK, finding(Check.NATIVE_XDP).verdict()); // the driver switches it off by itself
        host.withFeature("rx-gro-hw", true, true);
        assertEquals(Verdict.WARNING, finding(Check.NATIVE_XDP).verdict());
        assertEquals("not without native XDP", finding(Check.ZERO_COPY).found());
    }

    /** docs/tuning.md: one queue carries more than a million packets a second. */
    @Test
    void oneQueueIsEnoughUpToAMillion() {
        host.rxQueues = 1;
        host.rxQueuesMax = 63;
        assertEquals(List.of("ok"), verdict(finding(Check.RX_QUEUES)));
        highestPps = 1_000_000;
        assertEquals(List.of("ok"), verdict(finding(Check.RX_QUEUES)));
        highestPps = 1_000_001;
        assertEquals(List.of("warning", "ethtool -L eth1 combined 2"), verdict(finding(Check.RX_QUEUES)));
        assertTrue(finding(Check.RX_QUEUES).disruptive());
        highestPps = 9_000_000;
        assertEquals(List.of("warning", "ethtool -L eth1 combined 4"), verdict(finding(Check.RX_QUEUES)));
        host.combined = false;
        assertEquals(List.of("warning", "ethtool -L eth1 rx 4"), verdict(finding(Check.RX_QUEUES)));
        host.rxQueues = 2;
        assertEquals(Verdict.OK, finding(Check.RX_QUEUES).verdict());
        host.rxQueues = 1;
        host.cpus = List.of(3);
        assertEquals(List.of("warning"), verdict(finding(Check.RX_QUEUES)));
        host.rxQueuesMax = 0;
        assertEquals("1", finding(Check.RX_QUEUES).found());
    }

    /** docs/tuning.md: ena and gve take XDP with half of their channels at most. */
    @ParameterizedTest
    @ValueSource(strings = {"ena", "gve"})
    void halfOfTheChannels(String half) {
        highestPps = 9_000_000;
        host.driver = half;
        host.rxQueues = 1;
        host.rxQueuesMax = 4;
        assertEquals(List.of("warning", "ethtool -L eth1 combined 2"), verdict(finding(Check.RX_QUEUES)));
        host.rxQueuesMax = 2;
        assertEquals(List.of("warning"), verdict(finding(Check.RX_QUEUES)));
    }

    /** 4 ms at 520,000 a second are 2,080 packets. */
    @Test
    void theRingOfTheCard() {
        host.ring = 2_048;
        assertEquals(List.of("warning", "ethtool -G eth1 rx 4096"), verdict(finding(Check.RX_RING)));
        assertTrue(finding(Check.RX_RING).disruptive());
        host.ring = 2_080;
        assertEquals(Verdict.OK, finding(Check.RX_RING).verdict());
        host.ring = 256;
        host.ringMax = 256;
        assertEquals(List.of("warning"), verdict(finding(Check.RX_RING))); // it cannot be deeper
        assertTrue(finding(Check.RX_RING).meaning().contains("0.5 ms"), finding(Check.RX_RING).toString());
        host.ring = 0;
        assertEquals("not told by ixgbe", finding(Check.RX_RING).found());
    }

    @Test
    void ntupleFilters() {
        host.takesRules = true;
        host.withFeature("rx-ntuple-filter", false, false);
        assertEquals(List.of("warning", "ethtool -K eth1 ntuple on"), verdict(finding(Check.NTUPLE)));
        host.withFeature("rx-ntuple-filter", true, false);
        assertEquals(Verdict.OK, finding(Check.NTUPLE).verdict());
        host.rxQueues = 1;
        host.withFeature("rx-ntuple-filter", false, false);
        assertEquals(Verdict.OK, finding(Check.NTUPLE).verdict());
    }

    @Test
    void hardwareTimestamps() {
        host.stamps = NetDeviceSetup.Stamps.ALL;
        assertEquals("of all packets", finding(Check.TIMESTAMPS).found());
        host.stamps = NetDeviceSetup.Stamps.SOME;
        assertEquals("of PTP packets only", finding(Check.TIMESTAMPS).found());
    }
}
