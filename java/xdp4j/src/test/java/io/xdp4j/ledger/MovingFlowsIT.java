// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.ChangingFlows;
import io.xdp4j.lab.CpuPin;
import io.xdp4j.lab.Fault;
import io.xdp4j.lab.SteadyBurst;
import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.schedule.IdleStrategy;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.source.RtpSource;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.XdpProgram;
import io.xdp4j.xdp.XdpSocket;
import io.xdp4j.xdp.XdpSocketOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Flows come and go, one or several at a time, others or the same ones again, while one stays that never pauses: each
 * packet of any of them is in its account, and nothing else is.
 */
@Tag("integration")
@Timeout(180)
class MovingFlowsIT {
    /** How often a flow comes and goes, in all cases together. Each time the kernel waits for an RCU grace period. */
    private static final int MOVES = 1_000;

    private static final int OTHERS = 8;
    private static final int TOGETHER = 3; // at most, beside the one that stays
    private static final int IDS = 6;
    private static final int RING = 8_192;
    private static final int STEP = 64;
    private static final int WARM_UP = 20;

    private final Random random = new Random(MOVES);
    private final ReentrantLock cable = new ReentrantLock(true); // for SteadyBurst, who would be alone on it
    private final Deque<AutoCloseable> open = new ArrayDeque<>(); // the last one opened closes first
    private final List<RtpSource> others = new ArrayList<>();
    private final List<XdpSocket> sockets = new ArrayList<>();
    private final ChangingFlows counting = new ChangingFlows(IDS);
    private final List<Long> addedNs = new ArrayList<>();
    private final List<Long> removedNs = new ArrayList<>(); // from the program
    private final List<Long> closedNs = new ArrayList<>(); // in the ledger
    private final Set<Integer> ids = new HashSet<>();
    private XdpProgram program;
    private Receiver receiver;
    private LossLedger ledger;
    private RtpSource steady;
    private RtpFlow staying;
    private volatile boolean enough;
    private volatile Throwable failure;

    /** A flow that has come. */
    private static final class Guest {
        final int id;
        final Flow flow;
        final RtpSource source;
        long sent;

        Guest(int id, Flow flow, RtpSource source) {
            this.id = id;
            this.flow = flow;
            this.source = source;
        }
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

    private static Flow other(int number) {
        return Flow.parse("239.1.3." + number + ":5004");
    }

    private static RtpSource source(Flow flow) throws IOException {
        return RtpSource.on(VethPair.TX).flow(flow).positions(Long.MAX_VALUE >> 1).open();
    }

    /** One flow arrives, and stays. */
    private void receive(Mode mode, int socketCount) throws IOException {
        Umem umem = opened(Umem.open(Umem.DEFAULT_FRAME_SIZE, RING, RING));
        for (int i = 0; i < socketCount; i++) {
            sockets.add(opened(XdpSocket.open(umem, VethPair.RX, 0,
                    XdpSocketOptions.DEFAULT.rxRing(RING).mode(mode))));
        }
        program = opened(XdpProgram.load(IDS, 1));
        receiver = opened(Receiver.start("receiver", IdleStrategy.yield(), counting, sockets));
        steady = opened(source(Fault.FLOW));
        for (int i = 0; i < OTHERS; i++) {
            others.add(opened(source(other(i))));
        }
        int id = program.redirect(Fault.FLOW, sockets.get(0));
        staying = counting.expect(id);
        ledger = opened(LossLedger.open(
                VethPair.RX, program, List.of(new WatchedFlow(Fault.FLOW, staying)), List.of(receiver)));
        program.attach(VethPair.RX, mode);
        Thread sender = new Thread(this::sendSteadily, "sender");
        sender.start();
        open.push(() -> {
            enough = true;
            sender.join();
        });
    }

    /** No faster than they are received: what is lost is the test's subject's fault. */
    private void sendSteadily() {
        try (CpuPin pin = CpuPin.to(0)) {
            while (!enough) {
                send(steady, STEP);
                while (steady.counters(0).sent() - staying.snapshot().count(RtpCounter.RECEIVED) > RING / 4
                        && !receiver.hasEnded()) {
                    Thread.yield();
                }
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    private long send(RtpSource source, int packets) throws IOException {
        cable.lock();
        try {
            return SteadyBurst.send(source, packets);
        } finally {
            cable.unlock();
        }
    }

    private Guest add(int number) throws IOException {
        long startNs = System.nanoTime();
        Flow flow = other(number);
        RtpSource source = others.get(number);
        int id = program.prepare(flow);
        program.redirect(id, sockets.get(id % sockets.size()));
        WatchedFlow watched = new WatchedFlow(flow, counting.expect(id));
        ledger.add(SteeredFlow.of(program, id, watched, List.of(receiver)));
        program.admit(id);
        addedNs.add(System.nanoTime() - startNs);
        ids.add(id);
        return new Guest(id, flow, source);
    }

    private FlowLedger remove(Guest guest) throws IOException {
        long startNs = System.nanoTime();
        program.remove(guest.id);
        long removedAtNs = System.nanoTime();
        FlowLedger closing = ledger.remove(guest.id);
        removedNs.add(removedAtNs - startNs);
        closedNs.add(System.nanoTime() - removedAtNs);
        counting.forget(guest.id);
        return closing;
    }

    /** Some flows come, send, and go; and nobody has what they send before and after. */
    private int move() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (int number = 0; number < OTHERS; number++) {
            numbers.add(number);
        }
        Collections.shuffle(numbers, random);
        List<Guest> guests = new ArrayList<>();
        for (int number : numbers.subList(0, 1 + random.nextInt(TOGETHER))) {
            send(others.get(number), 1);
            guests.add(add(number));
        }
        for (int turn = 0; turn < 2; turn++) {
            for (Guest guest : guests) {
                guest.sent += send(guest.source, 1 + random.nextInt(2 * STEP));
            }
        }
        Collections.shuffle(guests, random);
        for (Guest guest : guests) {
            FlowLedger closing = remove(guest);
            send(guest.source, 1);
            assertEquals(delivered(guest.flow, guest.sent), closing);
        }
        return guests.size();
    }

    /** An account without losses. */
    private static FlowLedger delivered(Flow flow, long packets) {
        return new FlowLedger(flow, packets, packets, 0, Map.of(), 0);
    }

    /** While nobody else opens one for a moment. */
    private long openDescriptors() throws IOException {
        cable.lock();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.count();
        } finally {
            cable.unlock();
        }
    }

    @ParameterizedTest
    @CsvSource({"NATIVE, 1, 50", "NATIVE, 4, 40", "GENERIC, 1, 10"})
    void eachHasItsPackets(Mode mode, int socketCount, int percent) throws Exception {
        int moves = MOVES * percent / 100;
        receive(mode, socketCount);
        int moved = 0;
        while (moved < WARM_UP) {
            moved += move();
        }
        long descriptors = openDescriptors();
        try (RandomLooks looks = new RandomLooks(ledger, new Random(random.nextLong()))) {
            while (moved < moves) {
                moved += move();
                assertEquals(1, program.flowCount());
                assertNull(failure);
            }
        }
        assertTrue(openDescriptors() <= descriptors, "more descriptors are open than in the beginning");
        assertEquals(IDS - 1, ids.size(), "ids are given again");
        enough = true;
        open.pop().close();
        program.detach();
        receiver.close();
        assertNull(failure);
        LedgerSnapshot end = ledger.snapshot();
        long sent = steady.counters(0).sent();
        assertEquals(List.of(delivered(Fault.FLOW, sent)), end.flows());
        print("add", addedNs);
        print("remove from the program", removedNs);
        print("close the account", closedNs);
        System.out.println(sent + " packets of the flow that stayed");
    }

    private static void print(String what, List<Long> tookNs) {
        long[] ns = tookNs.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "%s: %d times, median %.1f ms, longest %.1f ms, all %.1f s%n",
                what, ns.length, ns[ns.length / 2] / 1e6, ns[ns.length - 1] / 1e6, LongStream.of(ns).sum() / 1e9);
    }
}
