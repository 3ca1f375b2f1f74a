// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.Fault;
import io.xdp4j.lab.SocketReception;
import io.xdp4j.lab.SteadyBurst;
import io.xdp4j.lab.VethPair;
import io.xdp4j.lab.WireFrames;
import io.xdp4j.source.RtpSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each cause that ordinary sockets know, provoked with a number of packets that is known at the source. */
@Tag("integration")
@Timeout(120)
class SocketLedgerIT {
    private static final int TINY_BUFFER = 32_768;
    private static final int LARGE_BUFFER = 4 << 20;
    private static final long POSITIONS = 3L * 65_536;

    private VethPair veth;

    @BeforeEach
    void plug() throws IOException {
        veth = VethPair.create(1);
        VethPair.run("sysctl", "-qw", "net.ipv6.conf.tx0.disable_ipv6=1", "net.ipv6.conf.rx0.disable_ipv6=1");
    }

    @AfterEach
    void unplug() throws IOException {
        if (veth != null) {
            veth.close();
        }
    }

    private static RtpSource source() throws IOException {
        return RtpSource.on(VethPair.TX).flow(Fault.FLOW).positions(POSITIONS).open();
    }

    private static SocketReception socket(SocketReception.Kind kind, int bufferBytes) throws IOException {
        return new SocketReception(kind, Fault.FLOW, bufferBytes);
    }

    private static LossLedger ledger(SocketReception socket) throws IOException {
        return LossLedger.open(
                VethPair.RX,
                List.of(new WatchedFlow(Fault.FLOW, socket.reception.rtp)),
                List.of(socket.reception.receiver));
    }

    private static void assertLost(LossLedger ledger, long wire, Cause cause, int lost) throws IOException {
        LossLedgerIT.assertLost(ledger, wire, lost == 0 ? Map.of() : Map.of(cause, lost));
    }

    @ParameterizedTest
    @EnumSource(SocketReception.Kind.class)
    void upstream(SocketReception.Kind kind) throws Exception {
        Fault.SkippedAtSource fault = new Fault.SkippedAtSource(50);
        try (SocketReception socket = socket(kind, LARGE_BUFFER);
                LossLedger ledger = ledger(socket);
                RtpSource source = fault.source(POSITIONS)) {
            int lost = fault.provoke(socket.reception, source);
            socket.reception.close();
            assertLost(ledger, source.counters(0).positions(), Cause.UPSTREAM, lost);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RAW,       1000, 10", "RECVMMSG,  1000, 10", "NIO,  1000, 10",
        "RAW,       1000,  0", "RECVMMSG,  1000,  0", "NIO,  1000,  0", // a tail
        "RAW,      65536, 10", "RECVMMSG, 65536, 10", "NIO, 65536, 10", // no sequence shows it
    })
    void socketBuffer(SocketReception.Kind kind, int beyond, int behind) throws Exception {
        try (SocketReception socket = socket(kind, TINY_BUFFER);
                LossLedger ledger = ledger(socket);
                RtpSource source = source()) {
            int lost = new Fault.BufferFull(beyond).provoke(socket, source);
            long received = socket.reception.received();
            for (int i = 1; i <= behind; i++) {
                SteadyBurst.send(source, 1);
                socket.reception.await(received + i);
            }
            socket.reception.close();
            assertLost(ledger, source.counters(0).sent(), Cause.SOCKET_BUFFER, lost);
        }
    }

    @ParameterizedTest
    @CsvSource({"RAW, 100", "RECVMMSG, 100", "NIO, 100", "RAW, 0", "RECVMMSG, 0", "NIO, 0"})
    void driverOverrun(SocketReception.Kind kind, int behind) throws Exception {
        try (SocketReception socket = socket(kind, LARGE_BUFFER);
                LossLedger ledger = ledger(socket);
                RtpSource source = source()) {
            int lost = new Fault.DriverOverrun(700).provoke(socket.reception, source);
            if (behind > 0) {
                long received = socket.reception.received();
                socket.reception.await(received + SteadyBurst.send(source, behind));
            }
            socket.reception.close();
            assertLost(ledger, source.counters(0).sent(), Cause.NIC, lost);
        }
    }

    /** A raw socket takes packets before their checksum is looked at. UDP looks early at those up to 76 bytes. */
    @ParameterizedTest
    @CsvSource({
        "RAW, 214, 0", "RECVMMSG, 214, 50", "NIO, 214, 50",
        "RAW,  90, 0", "RECVMMSG,  90, 50", "NIO,  90, 50",
    })
    void stack(SocketReception.Kind kind, int sizeBytes, int lost) throws Exception {
        try (SocketReception socket = socket(kind, LARGE_BUFFER);
                LossLedger ledger = ledger(socket);
                WireFrames wire = WireFrames.open()) {
            new Fault.EveryOther(0, 50, frame -> frame.sizeBytes(sizeBytes).wrongUdpChecksum())
                    .provoke(socket.reception, wire);
            socket.reception.await(100L - lost);
            socket.reception.close();
            assertLost(ledger, 101, Cause.STACK, lost);
        }
    }

    /** A raw socket gets packets ahead of UDP, which drops those that contradict themselves. */
    @ParameterizedTest
    @CsvSource({"RAW, INVALID", "RECVMMSG, STACK", "NIO, STACK"})
    void contradictingItself(SocketReception.Kind kind, Cause cause) throws Exception {
        try (SocketReception socket = socket(kind, LARGE_BUFFER);
                LossLedger ledger = ledger(socket);
                WireFrames wire = WireFrames.open()) {
            int lost = new Fault.EveryOther(0, 50, frame -> frame.udpLengthExcess(1)).provoke(socket.reception, wire);
            socket.reception.close();
            assertLost(ledger, 2L * lost + 1, cause, lost);
        }
    }

    @ParameterizedTest
    @EnumSource(SocketReception.Kind.class)
    void notRtp(SocketReception.Kind kind) throws Exception {
        try (SocketReception socket = socket(kind, LARGE_BUFFER);
                LossLedger ledger = ledger(socket);
                WireFrames wire = WireFrames.open()) {
            int lost = new Fault.NotRtp(0, 50).provoke(socket.reception, wire);
            socket.reception.close();
            assertLost(ledger, 2L * lost, Cause.NOT_RTP, lost);
        }
    }

    /** Its batches have 64 packets; of those that it leaves in its buffer the kernel does not tell. */
    @ParameterizedTest
    @EnumSource(SocketReception.Kind.class)
    void application(SocketReception.Kind kind) throws Exception {
        try (SocketReception socket = socket(kind, LARGE_BUFFER);
                LossLedger ledger = ledger(socket);
                RtpSource source = source()) {
            int lost = new Fault.HandlerGivesUp(60, 64).provoke(socket.reception, source);
            assertLost(ledger, 64, Cause.APPLICATION, lost);
            assertTrue(ledger.snapshot().advice().get(0).finding().contains("the handler gave up"));
        }
    }

    @ParameterizedTest
    @EnumSource(SocketReception.Kind.class)
    void aFlowThatNeverArrivesIsSaidToBeUntellable(SocketReception.Kind kind) throws Exception {
        try (SocketReception socket = socket(kind, LARGE_BUFFER);
                LossLedger ledger = ledger(socket)) {
            socket.reception.close();
            assertLost(ledger, 0, Cause.UPSTREAM, 0);
            assertEquals(1, ledger.snapshot().limits().size());
        }
    }
}
