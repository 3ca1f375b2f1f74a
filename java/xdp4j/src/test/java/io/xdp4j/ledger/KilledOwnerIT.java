// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.ChildJvm;
import io.xdp4j.lab.CpuPin;
import io.xdp4j.lab.Fault;
import io.xdp4j.lab.SteadyBurst;
import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.process.Channel;
import io.xdp4j.process.SharedMemory;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.rtp.RtpRecord;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.schedule.IdleStrategy;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.schedule.ReceiverCounts;
import io.xdp4j.schedule.ThreadPlacement;
import io.xdp4j.source.RtpSource;
import io.xdp4j.xdp.HandedSocket;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.XdpProgram;
import io.xdp4j.xdp.XdpSocket;
import io.xdp4j.xdp.XdpSocketOptions;
import io.xdp4j.xdp.XdpStatistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The process that owns the socket is killed with packets in the ring and in its hand; another one comes. */
@Tag("integration")
@Timeout(120)
class KilledOwnerIT {
    private static final int PATIENCE_MS = 20_000;
    private static final int FRAMES = 512;
    private static final int RING = 1_024;
    private static final int RECORD = ReceiverCounts.bytes(1);

    /** Opens the socket, hands it over, counts what comes; once it is sent anything, only to stop in the handler. */
    public static final class Owner {
        private static volatile boolean stopping;

        public static void main(String[] arguments) throws Exception {
            try (Channel channel = Channel.connect(arguments[0])) {
                Umem umem = Umem.open(Umem.DEFAULT_FRAME_SIZE, FRAMES, FRAMES);
                XdpSocket socket = XdpSocket.open(umem, VethPair.RX, 0,
                        XdpSocketOptions.DEFAULT.rxRing(RING).mode(Mode.NATIVE));
                SharedMemory memory = SharedMemory.create("xdp4j-test-owner", RECORD + RtpRecord.BYTES);
                RtpFlow flow = new RtpFlow();
                RtpRecord record = new RtpRecord(memory.buffer(), RECORD);
                PacketHandler handler = batch -> {
                    while (stopping) {
                        LockSupport.park();
                    }
                    for (int i = 0; i < batch.size(); i++) {
                        flow.onPacket(batch, i);
                    }
                    record.publish(flow);
                };
                Receiver.start(
                        "owner",
                        IdleStrategy.yield(),
                        ThreadPlacement.NONE,
                        handler,
                        List.of(socket),
                        new ReceiverCounts(memory.buffer(), 0, 1));
                channel.send(new byte[] {0}, socket.descriptor(), memory.fd());
                channel.receive(-1);
                stopping = true;
                channel.send(new byte[] {0});
                channel.receive(-1);
            }
        }
    }

    /** The place on the queue that one owner fills after the other. */
    private static final class Place implements WatchedSocket {
        private final List<RtpRecord> records = new ArrayList<>();
        private final List<SharedMemory> memories = new ArrayList<>();
        private long takenBefore;
        private long droppedBefore;
        private HandedSocket socket; // null while there is none
        private ReceiverCounts counts;

        synchronized void fill(HandedSocket handed, SharedMemory memory) {
            socket = handed;
            memories.add(memory);
            counts = new ReceiverCounts(memory.buffer(), 0, 1);
            records.add(new RtpRecord(memory.buffer(), RECORD));
        }

        /** What the owner left behind nobody will handle. */
        synchronized void vacate() throws KernelException {
            takenBefore += Integer.toUnsignedLong(socket.consumed()) + socket.waiting();
            droppedBefore += socket.statistics().rxDropped();
            socket.close();
            socket = null;
            counts = null;
        }

        synchronized void close() {
            memories.forEach(SharedMemory::close);
        }

        synchronized RtpStatistics counted() {
            return RtpStatistics.sum(records.stream().map(RtpRecord::snapshot).toList());
        }

        @Override
        public int queue() {
            return 0;
        }

        @Override
        public int fillRing() {
            return FRAMES;
        }

        @Override
        public int rxRing() {
            return RING;
        }

        @Override
        public int frameSize() {
            return Umem.DEFAULT_FRAME_SIZE;
        }

        @Override
        public int longestPacket() {
            return Umem.DEFAULT_FRAME_SIZE - Umem.HEADROOM;
        }

        @Override
        public boolean zeroCopy() {
            return false;
        }

        @Override
        public synchronized XdpStatistics statistics() throws KernelException {
            long now = socket == null ? 0 : socket.statistics().rxDropped();
            return new XdpStatistics(droppedBefore + now, 0, 0, 0);
        }

        @Override
        public synchronized int waiting() {
            return socket == null ? 0 : socket.waiting();
        }

        @Override
        public synchronized long taken() {
            return takenBefore + (counts == null ? 0 : counts.taken(0));
        }

        @Override
        public synchronized long handled() {
            return takenBefore + (counts == null ? 0 : counts.handled(0));
        }

        @Override
        public synchronized long looks() {
            return counts == null ? 0 : counts.looks(0);
        }

        @Override
        public boolean hasEnded() {
            return false;
        }

        @Override
        public synchronized long longestAbsenceNs() {
            return counts == null ? 0 : counts.longestAbsenceNs();
        }

        @Override
        public Optional<Throwable> failure() {
            return Optional.empty();
        }
    }

    private final Place place = new Place();
    private VethPair veth;
    private Process owner;
    private Channel channel;

    @BeforeEach
    void plug() throws IOException {
        veth = VethPair.create(1);
        VethPair.run("sysctl", "-qw", "net.ipv6.conf.tx0.disable_ipv6=1", "net.ipv6.conf.rx0.disable_ipv6=1");
    }

    @AfterEach
    void unplug() throws Exception {
        if (owner != null) {
            owner.destroyForcibly().waitFor();
        }
        if (channel != null) {
            channel.close();
        }
        place.close();
        if (veth != null) {
            veth.close();
        }
    }

    private HandedSocket startOwner() throws IOException {
        try (Channel.Listener listener = Channel.Listener.open()) {
            owner = ChildJvm.start(Owner.class, listener.name());
            channel = listener.accept(owner.pid(), PATIENCE_MS);
        }
        int[] descriptors = channel.receive(PATIENCE_MS).orElseThrow().fds();
        HandedSocket handed = HandedSocket.of(
                descriptors[0], VethPair.RX, 0, RING, Umem.DEFAULT_FRAME_SIZE - Umem.HEADROOM);
        place.fill(handed, SharedMemory.map(descriptors[1]));
        return handed;
    }

    private static void send(RtpSource source, int packets) throws IOException {
        try (CpuPin pin = CpuPin.to(0)) {
            SteadyBurst.send(source, packets);
        }
    }

    private void awaitCounted(long packets) throws InterruptedException {
        while (place.counted().count(RtpCounter.RECEIVED) < packets) {
            Thread.sleep(1);
        }
    }

    private static void assertAccount(LossLedger ledger, long delivered, long waiting, Map<Cause, Long> causes)
            throws IOException {
        long lost = causes.values().stream().mapToLong(Long::longValue).sum();
        assertEquals(
                List.of(new FlowLedger(Fault.FLOW, delivered + waiting + lost, delivered, waiting, causes, 0)),
                ledger.snapshot().flows());
    }

    @Test
    void eachPacketIsAccountedFor() throws Exception {
        HandedSocket first = startOwner();
        assertFalse(first.zeroCopy());
        try (XdpProgram program = XdpProgram.load(1, 1);
                RtpSource source = RtpSource.on(VethPair.TX)
                        .flow(Fault.FLOW)
                        .positions(1 << 20)
                        .open()) {
            int id = program.add(Fault.FLOW);
            program.redirect(id, first);
            WatchedFlow flow = new WatchedFlow(Fault.FLOW, place::counted);
            try (LossLedger ledger =
                    LossLedger.open(VethPair.RX, program, List.of(new SteeredFlow(id, flow, List.of(place))))) {
                program.attach(VethPair.RX, Mode.NATIVE);
                send(source, 300);
                awaitCounted(300);
                assertAccount(ledger, 300, 0, Map.of());

                channel.send(new byte[] {0});
                channel.receive(PATIENCE_MS).orElseThrow();
                send(source, 100);
                while (place.taken() == place.handled()) {
                    Thread.sleep(1);
                }
                assertAccount(ledger, 300, 100, Map.of());
                owner.destroyForcibly().waitFor();
                assertTrue(place.taken() > 300 && first.waiting() > 0, "nothing in hand, or nothing in the ring");
                assertAccount(ledger, 300, 100, Map.of());

                // Nobody brings frames any more: in hand and in the ring together there are as many as the UMEM has.
                send(source, 600);
                assertAccount(ledger, 300, FRAMES, Map.of(Cause.FILL_RING_EMPTY, 700L - FRAMES));
                program.withdraw(first);
                place.vacate();
                Map<Cause, Long> left =
                        Map.of(Cause.FILL_RING_EMPTY, 700L - FRAMES, Cause.APPLICATION, (long) FRAMES);
                assertAccount(ledger, 300, 0, left);

                channel.close();
                HandedSocket second = startOwner(); // the queue is free again
                send(source, 20);
                program.redirect(id, second);
                send(source, 200);
                awaitCounted(500);
                Map<Cause, Long> all = Map.of(
                        Cause.FILL_RING_EMPTY, 700L - FRAMES,
                        Cause.APPLICATION, (long) FRAMES,
                        Cause.NO_SOCKET_ON_QUEUE, 20L);
                assertAccount(ledger, 500, 0, all);
                program.withdraw(second);
                second.close();
            }
        }
    }
}
