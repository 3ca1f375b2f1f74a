// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.ChangingFlows;
import io.xdp4j.lab.CpuPin;
import io.xdp4j.lab.HeldNapi;
import io.xdp4j.lab.HeldReceiver;
import io.xdp4j.lab.SteadyBurst;
import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.source.RtpSource;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.XdpProgram;
import io.xdp4j.xdp.XdpSocket;
import io.xdp4j.xdp.XdpSocketOptions;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A flow that lost packets is removed: its losses are in its account, and in no other. */
@Tag("integration")
@Timeout(120)
class RemovedFlowIT {
    private static final Flow FIRST = Flow.parse("239.1.2.3:5004");
    private static final Flow SECOND = Flow.parse("239.1.2.4:5004");
    private static final Flow THIRD = Flow.parse("239.1.2.5:5004");
    private static final int IDS = 4;
    private static final int ROOM = 512; // packets that the socket takes while the receiver is held

    private final Deque<AutoCloseable> open = new ArrayDeque<>(); // the last one opened closes first
    private final Map<Flow, RtpSource> sources = new HashMap<>();
    private final Map<Flow, Integer> ids = new HashMap<>();
    private final Map<Flow, WatchedFlow> watched = new HashMap<>();
    private final List<XdpSocket> sockets = new ArrayList<>();
    private final ChangingFlows counting = new ChangingFlows(IDS);
    private final HeldReceiver held = new HeldReceiver();
    private Receiver receiver;
    private XdpProgram program;
    private LossLedger ledger;

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

    /** @param queues with a socket each; packets arrive on the first one */
    private void receive(Mode mode, int queues, int fillRing, int rxRing, Flow... flows) throws IOException {
        open.push(VethPair.create(queues));
        VethPair.run("sysctl", "-qw", "net.ipv6.conf.tx0.disable_ipv6=1", "net.ipv6.conf.rx0.disable_ipv6=1");
        opened(CpuPin.to(0));
        for (int queue = 0; queue < queues; queue++) {
            Umem umem = opened(Umem.open(Umem.DEFAULT_FRAME_SIZE, fillRing, fillRing));
            sockets.add(opened(XdpSocket.open(umem, VethPair.RX, queue,
                    XdpSocketOptions.DEFAULT.rxRing(rxRing).mode(mode))));
        }
        program = opened(XdpProgram.load(IDS, queues));
        receiver = opened(Receiver.start("receiver", held, counting, sockets));
        ledger = opened(LossLedger.open(VethPair.RX, program, List.of()));
        program.attach(VethPair.RX, mode);
        for (Flow flow : flows) {
            add(flow, sockets);
        }
    }

    private void add(Flow flow, List<XdpSocket> into) throws IOException {
        if (!sources.containsKey(flow)) {
            sources.put(flow, opened(RtpSource.on(VethPair.TX)
                    .flow(flow)
                    .positions(Long.MAX_VALUE >> 1)
                    .open()));
        }
        int id = program.prepare(flow);
        for (XdpSocket socket : into) {
            program.redirect(id, socket);
        }
        ids.put(flow, id);
        watched.put(flow, new WatchedFlow(flow, counting.expect(id)));
        ledger.add(SteeredFlow.of(program, id, watched.get(flow), List.of(receiver)));
        program.admit(id);
    }

    private FlowLedger remove(Flow flow) throws IOException {
        program.remove(ids.get(flow));
        return ledger.remove(ids.get(flow));
    }

    private void send(Flow flow, int packets) throws IOException {
        SteadyBurst.send(sources.get(flow), packets);
    }

    /** When it returns, the receiver has taken all there is. */
    private void letGo() throws InterruptedException {
        held.release();
        held.hold();
        held.release();
    }

    /** While the receiver is held the first packets fill the socket, and the others are lost. */
    private void sendBeyond(Flow fills, Flow loses, int packets) throws Exception {
        held.hold();
        send(fills, ROOM);
        send(loses, packets);
        letGo();
    }

    private static FlowLedger account(Flow flow, long wire, Cause cause, long lost) {
        return new FlowLedger(flow, wire, wire - lost, 0, Map.of(cause, lost), 0);
    }

    private FlowLedger now(Flow flow) throws IOException {
        LedgerSnapshot snapshot = ledger.snapshot();
        Books.assertSound(snapshot);
        return snapshot.flows().stream().filter(one -> one.flow().equals(flow)).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "NATIVE,   512, 1024, FILL_RING_EMPTY", "NATIVE,  4096, 512, RX_RING_FULL",
        "GENERIC,  512, 1024, FILL_RING_EMPTY", "GENERIC, 4096, 512, RX_RING_FULL",
    })
    void takesItsLossesWithIt(Mode mode, int fillRing, int rxRing, Cause cause) throws Exception {
        receive(mode, 1, fillRing, rxRing, FIRST, SECOND);
        sendBeyond(FIRST, SECOND, 70);
        sendBeyond(SECOND, FIRST, 300);
        assertEquals(account(FIRST, ROOM + 300, cause, 300), remove(FIRST));
        assertEquals(account(SECOND, ROOM + 70, cause, 70), now(SECOND));
        sendBeyond(SECOND, SECOND, 1_000);
        assertEquals(account(SECOND, 2 * ROOM + 1_070, cause, 1_070), now(SECOND));

        for (Flow flow : List.of(FIRST, THIRD, FIRST)) { // until its id is given again
            add(flow, sockets);
            assertEquals(account(flow, 0, cause, 0), now(flow));
            sendBeyond(SECOND, flow, 5);
            assertEquals(account(flow, 5, cause, 5), now(flow));
            assertEquals(account(flow, 5, cause, 5), remove(flow));
        }
        assertEquals(0, ids.get(FIRST));
        assertEquals(account(SECOND, 5 * ROOM + 1_070, cause, 1_070), now(SECOND));
    }

    /** Of the other one something waits at every moment. */
    @ParameterizedTest
    @CsvSource({"NATIVE, 512, 1024, FILL_RING_EMPTY", "NATIVE, 4096, 512, RX_RING_FULL"})
    void whileAnotherIsReceivedAtAllTimes(Mode mode, int fillRing, int rxRing, Cause cause) throws Exception {
        receive(mode, 1, fillRing, rxRing, FIRST, SECOND);
        sendBeyond(FIRST, SECOND, 70);
        sendBeyond(SECOND, FIRST, 300);
        Thread sender = new Thread(this::sendWithoutEnd);
        sender.start();
        try {
            assertEquals(account(FIRST, ROOM + 300, cause, 300), remove(FIRST));
        } finally {
            sender.interrupt();
            sender.join();
        }
        letGo();
        long sent = sources.get(SECOND).counters(0).sent();
        assertEquals(account(SECOND, sent, cause, sent - delivered(SECOND)), now(SECOND));
    }

    private void sendWithoutEnd() {
        try (CpuPin alsoHere = CpuPin.to(0)) {
            while (!Thread.interrupted()) {
                send(SECOND, 64);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private long delivered(Flow flow) {
        return watched.get(flow).snapshot().count(RtpCounter.RECEIVED);
    }

    /** Which of them lost packets shows when the receiver goes on: until then the removed flow's part is a guess. */
    @ParameterizedTest
    @CsvSource({
        "512, 1024, FILL_RING_EMPTY, 400, 300, 200", "512, 1024, FILL_RING_EMPTY, 0, 400, 300",
        "4096, 512, RX_RING_FULL,    400, 300, 200", "4096, 512, RX_RING_FULL,    0, 400, 300",
    })
    void whileTheReceiverIsHeld(int fillRing, int rxRing, Cause cause, int before, int ofRemoved, int behind)
            throws Exception {
        receive(Mode.NATIVE, 1, fillRing, rxRing, FIRST, SECOND);
        held.hold();
        send(SECOND, before);
        send(FIRST, ofRemoved);
        send(SECOND, behind);
        FlowLedger closing = remove(FIRST);
        assertEquals(ofRemoved, closing.wire());
        assertTrue(closing.waiting() > 0, closing::toString);
        assertEquals(0, closing.unexplained());
        Books.assertSound(ledger.snapshot());
        add(THIRD, sockets);
        letGo();
        int wire = before + behind;
        int lost = wire - before - Math.max(ROOM - before - ofRemoved, 0);
        assertEquals(account(SECOND, wire, cause, lost), now(SECOND));
        sendBeyond(SECOND, THIRD, 50);
        assertEquals(account(SECOND, wire + ROOM, cause, lost), now(SECOND));
        assertEquals(account(THIRD, 50, cause, 50), now(THIRD));
    }

    /** What waits of it is no other flow's, though it comes when the socket is that one's. */
    @Test
    void theLastOneWhileTheReceiverIsHeld() throws Exception {
        receive(Mode.NATIVE, 1, 512, 1_024, FIRST);
        held.hold();
        send(FIRST, 600);
        assertEquals(account(FIRST, 600, Cause.FILL_RING_EMPTY, 88).causes(), remove(FIRST).causes());
        assertEquals(List.of(), ledger.snapshot().flows());
        add(SECOND, sockets);
        Books.assertSound(ledger.snapshot());
        letGo();
        assertEquals(account(SECOND, 0, Cause.NIC, 0), now(SECOND));
        sendBeyond(SECOND, SECOND, 10);
        assertEquals(account(SECOND, ROOM + 10, Cause.FILL_RING_EMPTY, 10), now(SECOND));
    }

    /** Nobody looks at a socket that only a removed flow had. */
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void itsSocketsMayBeClosed(boolean isHeld) throws Exception {
        receive(Mode.NATIVE, 2, 512, 1_024, FIRST);
        add(SECOND, sockets.subList(0, 1));
        send(FIRST, 100);
        if (isHeld) {
            held.hold();
        }
        send(SECOND, 200);
        send(FIRST, 200);
        remove(FIRST);
        if (isHeld) {
            letGo();
        }
        receiver.close();
        sockets.get(1).close();
        assertEquals(account(SECOND, 200, Cause.NIC, 0), now(SECOND));
    }

    /** A flow that cannot be watched, or can for the first time and then no more, leaves no trace. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void oneThatCouldNotBeAdded(int readable) throws Exception {
        receive(Mode.NATIVE, 1, 512, 1_024, FIRST);
        int id = program.prepare(SECOND);
        AtomicInteger left = new AtomicInteger(readable);
        WatchedFlow broken = new WatchedFlow(SECOND, () -> {
            if (left.getAndDecrement() == 0) {
                throw new IllegalStateException("cannot be read");
            }
            return new RtpFlow().snapshot();
        });
        SteeredFlow steered = new SteeredFlow(id, broken, List.of(WatchedSocket.of(sockets.get(0), receiver)));
        assertThrows(IllegalStateException.class, () -> ledger.add(steered));
        program.remove(id);
        sendBeyond(FIRST, FIRST, 20);
        assertEquals(List.of(account(FIRST, ROOM + 20, Cause.FILL_RING_EMPTY, 20)), ledger.snapshot().flows());
        add(SECOND, sockets);
        sendBeyond(SECOND, SECOND, 30);
        assertEquals(account(SECOND, ROOM + 30, Cause.FILL_RING_EMPTY, 30), remove(SECOND));
        assertThrows(IllegalArgumentException.class, () -> ledger.remove(ids.get(SECOND)));
        SteeredFlow again = SteeredFlow.of(program, ids.get(FIRST), watched.get(FIRST), List.of(receiver));
        assertThrows(IllegalArgumentException.class, () -> ledger.add(again));
    }

    /** At the end of a stream no gap shows whose packets the driver dropped: they go by who had the traffic. */
    @Test
    void whatTheDriverDroppedOfItIsNotCountedTwice() throws Exception {
        receive(Mode.NATIVE, 1, 4_096, 4_096, FIRST, SECOND);
        int lost = overrun(FIRST, 500);
        assertEquals(account(FIRST, 501, Cause.NIC, lost), remove(FIRST));
        assertEquals(account(SECOND, 0, Cause.NIC, 0), now(SECOND));
        int ofSecond = overrun(SECOND, 700);
        assertEquals(account(SECOND, 701, Cause.NIC, ofSecond), now(SECOND));
        add(THIRD, sockets);
        assertEquals(account(THIRD, 0, Cause.NIC, 0), now(THIRD));
        int ofThird = overrun(THIRD, 300);
        assertEquals(account(THIRD, 301, Cause.NIC, ofThird), now(THIRD));
        assertEquals(account(SECOND, 701, Cause.NIC, ofSecond), now(SECOND));
    }

    /** Sends one packet more; how many were lost. */
    private int overrun(Flow flow, int burst) throws Exception {
        RtpSource source = sources.get(flow);
        int kept = HeldNapi.during(() -> source.send(1), () -> source.send(burst));
        held.hold();
        held.release();
        return burst - kept;
    }
}
