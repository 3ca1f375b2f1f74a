// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.CpuPin;
import io.xdp4j.lab.Fault;
import io.xdp4j.lab.LinkCounters;
import io.xdp4j.lab.MulticastSender;
import io.xdp4j.lab.Reception;
import io.xdp4j.lab.SteadyBurst;
import io.xdp4j.lab.TransmitQueue;
import io.xdp4j.lab.VethPair;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.source.PositionRange;
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
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A flow that hops between two queues, each with a receiver of its own: none of them sees the whole sequence, and the
 * account has every packet all the same.
 */
@Tag("integration")
@Timeout(120)
class SplitFlowIT {
    private static final int RING = 512;
    private static final int HOPS = 60;
    private static final int LONGEST_STAY = 64;

    /** Positions that the source leaves out: single ones, every other one, and more than one stay has. */
    private static final List<PositionRange> LEFT_OUT =
            List.of(new PositionRange(10, 10, 1), new PositionRange(100, 299, 2), new PositionRange(500, 699, 1));

    private static final int LEFT = 1 + 100 + 200;

    private final Deque<AutoCloseable> open = new ArrayDeque<>(); // the last one opened closes first
    private final List<Reception> receptions = new ArrayList<>(); // by queue
    private final List<Receiver> receivers = new ArrayList<>();
    private XdpProgram program;
    private WatchedFlow watched;
    private LossLedger ledger;
    private RtpSource source;

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

    /** On the first two queues. */
    private void receive(int queues) throws IOException {
        opened(VethPair.create(queues));
        VethPair.run("sysctl", "-qw", "net.ipv6.conf.tx0.disable_ipv6=1", "net.ipv6.conf.rx0.disable_ipv6=1");
        program = opened(XdpProgram.load(1, queues));
        int id = program.add(Fault.FLOW);
        for (int queue = 0; queue < 2; queue++) {
            Umem umem = opened(Umem.open(Umem.DEFAULT_FRAME_SIZE, RING, RING));
            XdpSocket socket = opened(XdpSocket.open(umem, VethPair.RX, queue,
                    XdpSocketOptions.DEFAULT.rxRing(2 * RING).mode(Mode.NATIVE)));
            program.redirect(id, socket);
            receptions.add(opened(new Reception(socket)));
            receivers.add(receptions.get(queue).receiver);
        }
        watched = new WatchedFlow(
                Fault.FLOW, List.of(receptions.get(0).rtp, receptions.get(1).rtp));
        ledger = opened(LossLedger.open(VethPair.RX, program, List.of(watched), receivers));
        program.attach(VethPair.RX, Mode.NATIVE);
        source = opened(RtpSource.on(VethPair.TX)
                .flow(Fault.FLOW)
                .positions(Long.MAX_VALUE >> 1)
                .lose(LEFT_OUT)
                .open());
    }

    private void sendTo(int queue, int turns) throws IOException {
        try (CpuPin pin = CpuPin.to(queue)) {
            SteadyBurst.send(source, turns);
        }
    }

    private void hop(Random random) throws IOException {
        for (int hop = 0; hop < HOPS; hop++) {
            sendTo(hop % 2, 1 + random.nextInt(LONGEST_STAY));
            Books.assertSound(ledger.snapshot());
        }
        while (source.counters(0).positions() <= LEFT_OUT.get(2).to()) {
            sendTo(1, LONGEST_STAY);
        }
        awaitAllBut(0);
    }

    private void awaitAllBut(long lost) {
        long others = source.counters(0).sent() - lost;
        while (receptions.stream().mapToLong(Reception::received).sum() < others) {
            Thread.onSpinWait();
        }
    }

    private static FlowLedger account(long wire, Map<Cause, Long> causes) {
        long lost = causes.values().stream().mapToLong(Long::longValue).sum();
        return new FlowLedger(Fault.FLOW, wire, wire - lost, 0, causes, 0);
    }

    @Test
    void whatIsMissingUpstreamIsFoundThoughNobodySeesItAll() throws Exception {
        receive(2);
        assertFalse(watched.isSplit());
        hop(new Random(1));
        assertTrue(watched.isSplit());
        assertTrue(receptions.stream().allMatch(one -> one.rtp.snapshot().count(RtpCounter.LOST) > LEFT));
        LedgerSnapshot end = ledger.snapshot();
        long positions = source.counters(0).positions();
        assertEquals(
                List.of(account(positions, Map.of(Cause.UPSTREAM, (long) LEFT))), end.flows());
        assertEquals(positions - LEFT, watched.snapshot().count(RtpCounter.RECEIVED));
        assertEquals(List.of(), end.limits());
    }

    @Test
    void dropsOnOneOfTheQueuesAreInItsAccount() throws Exception {
        receive(2);
        hop(new Random(2));
        receptions.get(1).held.hold();
        sendTo(0, 50);
        sendTo(1, RING + 37);
        sendTo(0, 50);
        receptions.get(1).held.release();
        awaitAllBut(37);
        FlowLedger account = account(
                source.counters(0).positions(), Map.of(Cause.UPSTREAM, (long) LEFT, Cause.FILL_RING_EMPTY, 37L));
        assertEquals(List.of(account), ledger.snapshot().flows());
        program.remove(0);
        assertEquals(account, ledger.remove(0));
    }

    /** Nobody takes from the second queue any more. */
    @Test
    void whatAReceiverThatGivesUpLeavesIsInItsAccount() throws Exception {
        receive(2);
        receptions.get(1).held.hold();
        receptions.get(1).givesUpAfter = 20;
        sendTo(1, 90);
        receptions.get(1).held.release();
        receivers.get(1).thread().join();
        sendTo(0, 9);
        receptions.get(0).await(9);
        FlowLedger account = account(99, Map.of(Cause.UPSTREAM, 1L, Cause.APPLICATION, 90L - 1 - 20));
        assertEquals(List.of(account), ledger.snapshot().flows());
        program.remove(0);
        assertEquals(account, ledger.remove(0));
    }

    @Test
    void adviceNamesTheQueueThatHasNoSocket() throws Exception {
        receive(3);
        sendTo(0, 5);
        sendTo(1, 5);
        awaitAllBut(0);
        TransmitQueue.useOnly(2);
        try (MulticastSender sender = MulticastSender.of(Fault.FLOW)) {
            long polled = LinkCounters.of(VethPair.RX).rxPackets();
            for (int i = 0; i < 7; i++) {
                sender.send(Fault.FLOW, new byte[160]);
            }
            SteadyBurst.awaitPolled(polled + 7);
        }
        LedgerSnapshot end = ledger.snapshot();
        assertEquals(List.of(account(17, Map.of(Cause.NO_SOCKET_ON_QUEUE, 7L))), end.flows());
        Advice advice = end.advice().get(0);
        assertEquals(List.of(2), advice.settings().queues());
        assertEquals(
                "The flow's sockets are on queues 0, 1, and packets arrived elsewhere: 7 on queue 2.",
                advice.finding());
    }
}
