// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.CpuPin;
import io.xdp4j.lab.Fault;
import io.xdp4j.lab.SteadyBurst;
import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.packet.PacketSource;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.schedule.IdleStrategy;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.source.RtpSource;
import io.xdp4j.udp.NioSource;
import io.xdp4j.udp.SocketSource;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.XdpProgram;
import io.xdp4j.xdp.XdpSocket;
import io.xdp4j.xdp.XdpSocketOptions;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ledger while packets arrive, as fast as they can be sent, and some are lost. */
@Tag("integration")
@Timeout(120)
class LiveLedgerIT {
    private static final int LOOKS = 200;
    private static final int PACKETS = 30_000; // at least
    private static final int STEP = 64;
    private static final int RING = 512; // too short for a receiver that sleeps
    private static final int BUFFER = 256 << 10; // likewise
    private static final long SLEEP_NS = 5_000_000;

    /** What closes in the end, the last one opened first. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private final RtpFlow rtp = new RtpFlow();
    private RtpSource source;
    private Receiver receiver;
    private XdpProgram program; // null for ordinary sockets
    private Thread sender;
    private volatile boolean enough;
    private volatile Throwable failure;

    enum Kind {
        NATIVE,
        GENERIC,
        RAW,
        RECVMMSG,
        NIO
    }

    enum Idle {
        SLEEP,
        SPIN
    }

    @BeforeEach
    void plug() throws IOException {
        open.push(VethPair.create(1));
        VethPair.run("sysctl", "-qw", "net.ipv6.conf.tx0.disable_ipv6=1", "net.ipv6.conf.rx0.disable_ipv6=1");
    }

    @AfterEach
    void unplug() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    private void receive(Kind kind, Idle idle) throws IOException {
        PacketSource from = kind == Kind.NATIVE || kind == Kind.GENERIC ? xdp(Mode.valueOf(kind.name())) : socket(kind);
        PacketHandler handler = batch -> {
            for (int i = 0; i < batch.size(); i++) {
                rtp.onPacket(batch, i);
            }
        };
        IdleStrategy strategy = idle == Idle.SPIN ? IdleStrategy.spin() : IdleStrategy.sleep(SLEEP_NS);
        receiver = opened(Receiver.start("receiver", strategy, handler, from));
        source = opened(
                RtpSource.on(VethPair.TX).flow(Fault.FLOW).positions(Long.MAX_VALUE >> 1).open());
    }

    private XdpSocket xdp(Mode mode) throws IOException {
        Umem umem = opened(Umem.open(Umem.DEFAULT_FRAME_SIZE, RING, RING));
        XdpSocket socket = opened(XdpSocket.open(umem, VethPair.RX, 0,
                XdpSocketOptions.DEFAULT.rxRing(RING).mode(mode)));
        program = opened(XdpProgram.load(1, 1));
        program.redirect(Fault.FLOW, socket);
        program.attach(VethPair.RX, mode);
        return socket;
    }

    private PacketSource socket(Kind kind) throws IOException {
        if (kind == Kind.NIO) {
            return opened(NioSource.open(VethPair.RX, Fault.FLOW, 0, BUFFER, SocketSource.DEFAULT_BATCH));
        }
        SocketSource.Kind call = SocketSource.Kind.valueOf(kind.name());
        return opened(SocketSource.open(call, VethPair.RX, Fault.FLOW, 0, BUFFER, SocketSource.DEFAULT_BATCH));
    }

    private LossLedger ledger() throws IOException {
        List<WatchedFlow> flows = List.of(new WatchedFlow(Fault.FLOW, rtp));
        return opened(
                program == null
                        ? LossLedger.open(VethPair.RX, flows, List.of(receiver))
                        : LossLedger.open(VethPair.RX, program, flows, List.of(receiver)));
    }

    /** Sends until there is enough; all has then reached a ring or buffer, or been dropped. */
    private void startSending() {
        sender = new Thread(this::send, "sender");
        sender.start();
        open.push(this::stopSending);
    }

    private void send() {
        try (CpuPin pin = CpuPin.to(0)) {
            while (!enough) {
                SteadyBurst.send(source, STEP);
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    private void stopSending() throws InterruptedException {
        enough = true;
        sender.join();
        assertNull(failure);
    }

    private long sent() {
        return source.counters(0).sent();
    }

    @ParameterizedTest
    @CsvSource({
        "NATIVE, SLEEP", "GENERIC, SLEEP", "RAW, SLEEP", "RECVMMSG, SLEEP", "NIO, SLEEP",
        "NATIVE, SPIN", "GENERIC, SPIN", "RAW, SPIN", "RECVMMSG, SPIN", "NIO, SPIN",
    })
    void closesWheneverOneLooks(Kind kind, Idle idle) throws Exception {
        receive(kind, idle);
        LossLedger ledger = ledger();
        startSending();
        long wire = 0;
        for (int look = 0; look < LOOKS || sent() < PACKETS && sender.isAlive(); look++) {
            LedgerSnapshot snapshot = ledger.snapshot();
            Books.assertSound(snapshot);
            long now = snapshot.flows().get(0).wire();
            assertTrue(now >= wire, () -> "less was on the wire than before: " + snapshot);
            wire = now;
        }
        stopSending();
        receiver.close();
        FlowLedger flow = assertDrained(ledger);
        assertEquals(sent(), flow.wire());
    }

    private static FlowLedger assertDrained(LossLedger ledger) throws IOException {
        LedgerSnapshot snapshot = ledger.snapshot();
        Books.assertSound(snapshot);
        FlowLedger flow = snapshot.flows().get(0);
        assertEquals(0, flow.waiting(), snapshot::toString);
        return flow;
    }

    /**
     * What was lost before is nothing to this ledger; what is in a ring or buffer, or in the receiver's hand, it takes
     * over. Nothing is in the kernel's hand just then, or the ledger could not tell on which side of its opening it is.
     */
    @ParameterizedTest
    @CsvSource({
        "NATIVE, SLEEP", "GENERIC, SLEEP", "RAW, SLEEP", "RECVMMSG, SLEEP", "NIO, SLEEP",
        "NATIVE, SPIN", "GENERIC, SPIN", "RAW, SPIN", "RECVMMSG, SPIN", "NIO, SPIN",
    })
    void opensInMidStream(Kind kind, Idle idle) throws Exception {
        receive(kind, idle);
        try (CpuPin pin = CpuPin.to(0)) {
            SteadyBurst.send(source, PACKETS);
            LossLedger ledger = ledger();
            SteadyBurst.send(source, PACKETS);
            receiver.close();
            FlowLedger flow = assertDrained(ledger);
            assertTrue(flow.wire() >= PACKETS && flow.wire() < 2 * PACKETS, flow::toString);
        }
    }
}
