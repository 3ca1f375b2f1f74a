// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.CpuPin;
import io.xdp4j.lab.Fault;
import io.xdp4j.lab.SteadyBurst;
import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.KernelException;
import io.xdp4j.process.Channel;
import io.xdp4j.process.SharedMemory;
import io.xdp4j.source.RtpSource;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A socket by another descriptor of it, as a process has it that it was handed to; here both are of one process. */
@Tag("integration")
@Timeout(60)
class HandedSocketIT {
    private static final int PATIENCE_MS = 20_000;
    private static final int EINVAL = 22;
    private static final int ENOTSOCK = 88;
    private static final int FRAMES = 64;
    private static final int RING = 128;

    private VethPair veth;

    @BeforeEach
    void plug() throws Exception {
        veth = VethPair.create(1);
        VethPair.run("sysctl", "-qw", "net.ipv6.conf.tx0.disable_ipv6=1", "net.ipv6.conf.rx0.disable_ipv6=1");
    }

    @AfterEach
    void unplug() throws Exception {
        if (veth != null) {
            veth.close();
        }
    }

    private static XdpSocket socket(Umem umem) throws KernelException {
        return XdpSocket.open(umem, VethPair.RX, 0, XdpSocketOptions.DEFAULT.rxRing(RING).batch(8));
    }

    private static HandedSocket handed(XdpSocket socket) throws IOException {
        return HandedSocket.of(
                another(socket.descriptor()),
                socket.interfaceName(),
                socket.queue(),
                socket.rxRing(),
                socket.umem().longestPacket());
    }

    /** A descriptor of the same file. */
    private static int another(int descriptor) throws IOException {
        try (Channel.Listener listener = Channel.Listener.open();
                Channel here = Channel.connect(listener.name());
                Channel there = listener.accept(ProcessHandle.current().pid(), PATIENCE_MS)) {
            here.send(new byte[] {0}, descriptor);
            return there.receive(PATIENCE_MS).orElseThrow().fds()[0];
        }
    }

    @Test
    void tellsWhatTheSocketItselfTells() throws Exception {
        try (Umem umem = Umem.open(2048, FRAMES, FRAMES);
                XdpSocket socket = socket(umem);
                HandedSocket handed = handed(socket);
                XdpProgram program = XdpProgram.load(1, 1);
                CpuPin pin = CpuPin.to(0);
                RtpSource source =
                        RtpSource.on(VethPair.TX).flow(Fault.FLOW).positions(1_000).open()) {
            assertEquals(VethPair.RX, handed.interfaceName());
            assertEquals(0, handed.queue());
            assertEquals(umem.longestPacket(), handed.longestPacket());
            assertFalse(handed.zeroCopy());
            program.redirect(program.add(Fault.FLOW), handed);
            assertTrue(program.sockets(0).isEmpty(), "it is no XdpSocket");
            program.attach(VethPair.RX, Mode.NATIVE);
            SteadyBurst.send(source, FRAMES + 10);
            assertEquals(FRAMES, handed.waiting());
            assertEquals(0, handed.consumed());
            assertEquals(10, handed.statistics().rxDropped());
            assertEquals(socket.statistics(), handed.statistics());
            assertEquals(8, socket.receive().size());
            assertEquals(FRAMES - 8, handed.waiting());
            assertEquals(socket.waiting(), handed.waiting());
            assertEquals(8, handed.consumed());

            program.withdraw(handed);
            SteadyBurst.send(source, 5);
            assertEquals(5, program.counters(0).noSocket());
            program.redirect(0, socket);
            program.withdraw(handed); // whose slot is another's by now
            SteadyBurst.send(source, 5);
            assertEquals(FRAMES + 10 + 5, program.counters(0).redirected());
        }
    }

    /** When its owner has closed it, and the UMEM, it holds the socket and its queue. */
    @Test
    void holdsTheQueueUntilItIsClosed() throws Exception {
        try (Umem other = Umem.open(2048, FRAMES, FRAMES)) {
            Umem umem = Umem.open(2048, FRAMES, FRAMES);
            XdpSocket socket = socket(umem);
            HandedSocket handed = handed(socket);
            socket.close();
            umem.close();
            assertEquals(0, handed.waiting());
            assertThrows(KernelException.class, () -> socket(other));
            handed.close();
            socket(other).close();
        }
    }

    @Test
    void useAfterCloseIsRefused() throws Exception {
        try (Umem umem = Umem.open(2048, FRAMES, FRAMES);
                XdpSocket socket = socket(umem);
                XdpProgram program = XdpProgram.load(1, 1)) {
            HandedSocket handed = handed(socket);
            program.redirect(program.add(Fault.FLOW), handed);
            program.withdraw(handed);
            handed.close();
            handed.close();
            assertThrows(IllegalStateException.class, handed::statistics);
            assertThrows(IllegalStateException.class, handed::zeroCopy);
            assertThrows(IllegalStateException.class, handed::waiting);
            assertThrows(IllegalStateException.class, handed::consumed);
            IllegalStateException e =
                    assertThrows(IllegalStateException.class, () -> program.redirect(0, handed));
            assertTrue(e.getMessage().contains("AF_XDP socket of another process on rx0 queue 0 is closed"));
            program.withdraw(handed);
            assertEquals(VethPair.RX, handed.interfaceName());
        }
    }

    @Test
    void aDescriptorOfSomethingElseStaysTheCallers() throws Exception {
        try (SharedMemory memory = SharedMemory.create("xdp4j-test", 4_096);
                Umem umem = Umem.open(2048, FRAMES, FRAMES);
                XdpSocket socket = socket(umem)) {
            KernelException e = assertThrows(
                    KernelException.class, () -> HandedSocket.of(memory.fd(), VethPair.RX, 0, RING, 1_792));
            assertEquals(ENOTSOCK, e.errno());
            SharedMemory.map(another(memory.fd())).close();
            for (int ring : new int[] {0, -1, 48, 1 << 20}) {
                e = assertThrows(
                        KernelException.class,
                        () -> HandedSocket.of(socket.descriptor(), VethPair.RX, 0, ring, 1_792));
                assertEquals(EINVAL, e.errno(), e::getMessage);
            }
            assertEquals(0, socket.receive().size());
        }
    }

    @Test
    void aSocketOnAnotherInterfaceThanTheProgramIsRefused() throws Exception {
        try (Umem umem = Umem.open(2048, FRAMES, FRAMES);
                XdpSocket socket = socket(umem);
                HandedSocket handed = handed(socket);
                XdpProgram program = XdpProgram.load(1, 1)) {
            program.redirect(program.add(Fault.FLOW), handed);
            assertThrows(IllegalArgumentException.class, () -> program.attach(VethPair.TX, Mode.AUTO));
            program.withdraw(handed);
            program.attach(VethPair.TX, Mode.AUTO);
            assertThrows(IllegalArgumentException.class, () -> program.redirect(0, handed));
        }
    }
}
