// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.Fault;
import io.xdp4j.lab.SteadyBurst;
import io.xdp4j.lab.VethPair;
import io.xdp4j.lab.XdpReception;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.source.RtpSource;
import io.xdp4j.source.SourceEngine;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.UmemAudit;
import io.xdp4j.xdp.UmemOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The account of packets of five frames each: they are counted as packets, wherever they are and wherever they go. */
@Tag("integration")
@Timeout(120)
class JumboLedgerIT {
    private static final int MTU = 9_000;
    private static final int SIZE = 8_942;
    private static final int FRAMES_PER_PACKET = 5; // of 1,792 bytes

    private VethPair veth;

    @BeforeEach
    void plug() throws Exception {
        veth = VethPair.create(1);
        veth.mtu(MTU);
        // No packets but ours: router solicitations and MLD reports would be among the driver's.
        VethPair.run("sysctl", "-qw", "net.ipv6.conf.tx0.disable_ipv6=1", "net.ipv6.conf.rx0.disable_ipv6=1");
    }

    @AfterEach
    void unplug() throws Exception {
        if (veth != null) {
            veth.close();
        }
    }

    private static XdpReception xdp(Mode mode, int fillRing, int rxRing) throws Exception {
        UmemOptions options = UmemOptions.DEFAULT.fillRing(fillRing).longestPacket(MTU + 14);
        return new XdpReception(List.of(Fault.FLOW), 1, mode, 0, options, rxRing, FRAMES_PER_PACKET);
    }

    private static LossLedger ledger(XdpReception xdp) throws Exception {
        return LossLedger.open(
                VethPair.RX,
                xdp.program,
                List.of(new WatchedFlow(Fault.FLOW, xdp.reception.rtp)),
                List.of(xdp.reception.receiver));
    }

    /** So long that live frames cannot be. */
    private static RtpSource source() throws Exception {
        RtpSource source = RtpSource.on(VethPair.TX)
                .flow(Fault.FLOW)
                .sizeBytes(SIZE)
                .positions(100_000)
                .open();
        assertEquals(SourceEngine.SENDMMSG, source.engine());
        assertTrue(source.fallbackReason().orElseThrow().contains("not of 8942 bytes"));
        return source;
    }

    /** A fill ring of 2,048 is 409 packets, an RX ring of 512 is 102. */
    @ParameterizedTest
    @CsvSource({
        "NATIVE,  2048, 2048, FILL_RING_EMPTY, 1000, 100",
        "NATIVE,  2048, 2048, FILL_RING_EMPTY, 1000,   0", // a tail
        "NATIVE,  4096,  512, RX_RING_FULL,    1000, 100",
        "GENERIC, 2048, 2048, FILL_RING_EMPTY, 1000, 100",
        "GENERIC, 4096,  512, RX_RING_FULL,    1000,   0",
    })
    void aReceiverHeldAwayLosesWholePackets(
            Mode mode, int fillRing, int rxRing, Cause cause, int beyond, int behind) throws Exception {
        try (XdpReception xdp = xdp(mode, fillRing, rxRing);
                LossLedger ledger = ledger(xdp);
                RtpSource source = source()) {
            assertEquals(cause == Cause.RX_RING_FULL ? 102 : 409, xdp.capacity);
            int lost = new Fault.HeldAway(beyond).provoke(xdp, source);
            if (behind > 0) {
                SteadyBurst.send(source, behind);
            }
            xdp.reception.close();
            LossLedgerIT.assertLost(ledger, source.counters(0).sent(), Map.of(cause, lost));
            String advice = ledger.snapshot().advice().get(0).change();
            assertTrue(advice.contains("5 frames a packet") || advice.contains("does not keep up"), advice);
            UmemAudit audit = xdp.umem.audit();
            assertTrue(audit.sound() && audit.kernel() <= 1, audit.toString());
        }
    }

    /** While the receiver is away they wait, as packets; then they are delivered whole. */
    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"NATIVE", "GENERIC"})
    void packetsWaitAndAreDelivered(Mode mode) throws Exception {
        try (XdpReception xdp = xdp(mode, 2_048, 2_048);
                LossLedger ledger = ledger(xdp);
                RtpSource source = source()) {
            xdp.reception.held.hold();
            SteadyBurst.send(source, 300);
            while (xdp.socket.waiting() < 300) {
                Thread.onSpinWait(); // in generic mode the program runs behind the poll
            }
            FlowLedger held = ledger.snapshot().flows().get(0);
            assertEquals(300, held.waiting(), held::toString);
            assertEquals(300, held.wire() - held.delivered(), held::toString);
            xdp.reception.held.release();
            xdp.reception.await(300);
            for (int sent = 600; sent <= 2_400; sent += 300) { // the rings hold 409
                SteadyBurst.send(source, 300);
                xdp.reception.await(sent);
            }
            xdp.reception.close();
            LossLedgerIT.assertLost(ledger, 2_400, Map.of());
            assertEquals(2_400L * (SIZE - 42 - 12), xdp.reception.rtp.snapshot().count(RtpCounter.BYTES));
        }
    }
}
