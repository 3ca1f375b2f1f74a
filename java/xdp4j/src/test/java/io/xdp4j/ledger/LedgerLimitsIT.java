// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.CpuPin;
import io.xdp4j.lab.Fault;
import io.xdp4j.lab.SocketReception;
import io.xdp4j.lab.SteadyBurst;
import io.xdp4j.lab.VethPair;
import io.xdp4j.lab.XdpReception;
import io.xdp4j.source.RtpSource;
import io.xdp4j.xdp.MisdirectedSlot;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.NetDeviceCounters;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.XdpSocket;
import io.xdp4j.xdp.XdpSocketOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Where a counter cannot be read the ledger closes all the same: the packets stand under a cause that says what cannot
 * be told, and the limits say why.
 */
@Tag("integration")
@Timeout(120)
class LedgerLimitsIT {
    private static final int BUFFER = 4 << 20;
    private static final long POSITIONS = 10_000;
    private static final String MACVLAN = "mac0";
    private static final String TRACEFS = "/sys/kernel/tracing";

    private VethPair veth;

    @BeforeEach
    void plug() throws IOException {
        veth = VethPair.create(1);
        VethPair.run("sysctl", "-qw", "net.ipv6.conf.tx0.disable_ipv6=1", "net.ipv6.conf.rx0.disable_ipv6=1");
    }

    @AfterEach
    void unplug() throws IOException {
        if (veth != null) {
            veth.close(); // with what stands on it
        }
    }

    private static List<WatchedFlow> watched(SocketReception socket) {
        return List.of(new WatchedFlow(Fault.FLOW, socket.reception.rtp));
    }

    private static void assertLimit(LossLedger ledger, String... words) throws IOException {
        List<String> limits = ledger.snapshot().limits();
        assertEquals(1, limits.size(), limits::toString);
        for (String word : words) {
            assertTrue(limits.get(0).contains(word), limits::toString);
        }
    }

    /** The others are there. */
    @ParameterizedTest
    @EnumSource(SocketReception.Kind.class)
    void aCounterFileThatIsNotThere(SocketReception.Kind kind, @TempDir Path proc) throws Exception {
        Files.createDirectory(proc.resolve("net"));
        for (String file : List.of("snmp6", "netstat", "softnet_stat")) {
            Files.createSymbolicLink(proc.resolve("net").resolve(file), Path.of("/proc/net").resolve(file));
        }
        Fault.SkippedAtSource fault = new Fault.SkippedAtSource(50);
        try (SocketReception socket = new SocketReception(kind, Fault.FLOW, BUFFER);
                LossLedger ledger = LossLedger.open(
                        VethPair.RX, watched(socket), List.of(socket.reception.receiver), proc);
                RtpSource source = fault.source(POSITIONS)) {
            int lost = fault.provoke(socket.reception, source);
            socket.reception.close();
            long wire = source.counters(0).positions();
            LossLedgerIT.assertLost(ledger, wire, Map.of(Cause.UPSTREAM_OR_LOCAL, lost));
            assertLimit(ledger, proc.resolve("net/snmp").toString());
        }
    }

    /** A macvlan has no {@code ethtool -S}. */
    @Test
    void aDriverWithoutCountersOfItsOwn() throws Exception {
        VethPair.run("ip", "link", "add", MACVLAN, "link", VethPair.RX, "type", "macvlan", "mode", "bridge");
        VethPair.run("sysctl", "-qw", "net.ipv6.conf." + MACVLAN + ".disable_ipv6=1",
                "net.ipv4.conf." + MACVLAN + ".rp_filter=0", "net.ipv4.conf." + MACVLAN + ".accept_local=1");
        VethPair.run("ip", "link", "set", MACVLAN, "up");
        assertTrue(!NetDeviceCounters.read(MACVLAN).ethtoolSupported());
        Fault.SkippedAtSource fault = new Fault.SkippedAtSource(50);
        try (SocketReception socket =
                        new SocketReception(SocketReception.Kind.RECVMMSG, MACVLAN, Fault.FLOW, BUFFER);
                LossLedger ledger =
                        LossLedger.open(MACVLAN, watched(socket), List.of(socket.reception.receiver));
                RtpSource source = fault.source(POSITIONS)) {
            int lost = fault.provoke(socket.reception, source);
            socket.reception.close();
            long wire = source.counters(0).positions();
            LossLedgerIT.assertLost(ledger, wire, Map.of(Cause.UPSTREAM_OR_LOCAL, lost));
            assertLimit(ledger, MACVLAN, "macvlan", "ethtool -S");
        }
    }

    /** Mounts are this test run's own, as the network namespace is. */
    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"NATIVE", "GENERIC"})
    void aTracepointThatCannotBeRead(Mode mode) throws Exception {
        VethPair.run("umount", TRACEFS);
        try (XdpReception xdp = new XdpReception(Fault.FLOW, mode, 0, 2_048, 2_048);
                LossLedger ledger = LossLedger.open(
                        VethPair.RX,
                        xdp.program,
                        List.of(new WatchedFlow(Fault.FLOW, xdp.reception.rtp)),
                        List.of(xdp.reception.receiver));
                RtpSource source =
                        RtpSource.on(VethPair.TX).flow(Fault.FLOW).positions(POSITIONS).open();
                Umem umem = Umem.open(2048, 64, 64);
                XdpSocket elsewhere = XdpSocket.open(umem, VethPair.TX, 0,
                        XdpSocketOptions.DEFAULT.rxRing(64).batch(8).mode(mode));
                CpuPin pin = CpuPin.to(0)) {
            MisdirectedSlot.set(xdp.program, 0, 0, elsewhere);
            int lost = (int) SteadyBurst.send(source, 1_000);
            xdp.reception.close();
            LossLedgerIT.assertLost(ledger, 1_000, Map.of(Cause.REFUSED_UNSEEN, lost));
            assertLimit(ledger, "tracefs");
        } finally {
            VethPair.run("mount", "-t", "tracefs", "tracefs", TRACEFS);
        }
    }
}
