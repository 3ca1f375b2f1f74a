// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import io.xdp4j.udp.Membership;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Wrong use and a wrong environment give a named exception, and never end the JVM. */
@Tag("integration")
@Timeout(60)
class XdpMisuseIT {
    private static final int EBUSY = 16;
    private static final int EEXIST = 17;
    private static final int ENODEV = 19;
    private static final int EINVAL = 22;
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");

    private VethPair veth;

    @BeforeEach
    void plug() throws Exception {
        veth = VethPair.create(1);
    }

    @AfterEach
    void unplug() throws Exception {
        if (veth != null) {
            veth.close();
        }
    }

    private static Umem smallUmem() throws KernelException {
        return Umem.open(2048, 128, 64);
    }

    private static XdpSocket smallSocket(Umem umem) throws KernelException {
        return XdpSocket.open(umem, VethPair.RX, 0, XdpSocketOptions.DEFAULT.rxRing(64).batch(8));
    }

    @Test
    void closingTwiceDoesNothing() throws Exception {
        Umem umem = smallUmem();
        XdpSocket socket = smallSocket(umem);
        XdpProgram program = XdpProgram.load(1, 1);
        socket.close();
        socket.close();
        program.close();
        program.close();
        umem.close();
        umem.close();
    }

    @Test
    void useAfterCloseIsRefused() throws Exception {
        Umem umem = smallUmem();
        XdpSocket socket = smallSocket(umem);
        XdpProgram program = XdpProgram.load(1, 1);
        socket.close();
        assertThrows(IllegalStateException.class, socket::receive);
        assertThrows(IllegalStateException.class, () -> socket.await(0));
        assertThrows(IllegalStateException.class, socket::statistics);
        assertThrows(IllegalStateException.class, socket::zeroCopy);
        program.add(Flow.parse("239.1.2.3:5004"));
        assertThrows(IllegalStateException.class, () -> program.redirect(0, socket));
        program.close();
        assertThrows(IllegalStateException.class, () -> program.attach(VethPair.RX, Mode.AUTO));
        assertThrows(IllegalStateException.class, () -> program.counters(0));
        assertThrows(IllegalStateException.class, program::counters);
        umem.close();
        assertThrows(IllegalStateException.class, socket::receive);
        assertThrows(IllegalStateException.class, umem::audit);
        assertThrows(IllegalStateException.class, () -> smallSocket(umem));
    }

    @Test
    void aBufferKeptForTooLongDoesNotCrash() throws Exception {
        Umem umem = smallUmem();
        ByteBuffer area = umem.area();
        umem.close();
        assertEquals(0, area.get(0));
        assertEquals(0, area.get(area.capacity() - 1));
        area.put(0, (byte) 1);
    }

    @Test
    void aMissingNameIsRefused() throws Exception {
        try (Umem umem = smallUmem();
                XdpProgram program = XdpProgram.load(1, 1)) {
            assertThrows(NullPointerException.class, () -> NetDevice.find(null));
            assertThrows(NullPointerException.class, () -> XdpSocket.open(umem, null, 0));
            assertThrows(NullPointerException.class, () -> program.attach(null, Mode.AUTO));
            assertThrows(NullPointerException.class, () -> Membership.join(null, Flow.parse("239.1.2.3:5004")));
        }
    }

    @Test
    void aSocketOnAnotherInterfaceThanTheProgramIsRefused() throws Exception {
        try (Umem umem = smallUmem();
                XdpSocket socket = smallSocket(umem);
                XdpProgram first = XdpProgram.load(1, 1);
                XdpProgram second = XdpProgram.load(1, 1)) {
            first.attach(VethPair.TX, Mode.AUTO);
            Flow flow = Flow.parse("239.1.2.3:5004");
            assertThrows(IllegalArgumentException.class, () -> first.redirect(flow, socket));
            second.redirect(flow, socket);
            assertThrows(IllegalArgumentException.class, () -> second.attach(VethPair.TX, Mode.AUTO));
        }
    }

    @Test
    void aUmemServesOneQueue() throws Exception {
        try (Umem umem = smallUmem();
                XdpSocket socket = smallSocket(umem)) {
            KernelException e = assertThrows(
                    KernelException.class, () -> XdpSocket.open(umem, VethPair.TX, 0,
                            XdpSocketOptions.DEFAULT.rxRing(64).batch(8)));
            assertTrue(e.getMessage().contains("this UMEM serves queue 0 of rx0"), e.getMessage());
            assertEquals(VethPair.RX, socket.interfaceName());
        }
    }

    @Test
    void aBatchThatIsDescribedAnewDoesNotHarmTheFrames() throws Exception {
        try (Umem umem = smallUmem();
                XdpSocket socket = smallSocket(umem)) {
            socket.receive().describe(0, 4096, 1, 0, 0, 0, 0);
            socket.receive();
            assertTrue(umem.audit().sound());
        }
    }

    @Test
    void flowsAreCountedAndChecked() throws Exception {
        assertThrows(KernelException.class, () -> XdpProgram.load(0, 1));
        assertThrows(KernelException.class, () -> XdpProgram.load(1, 0));
        assertThrows(KernelException.class, () -> XdpProgram.load(1 << 16, 1 << 16));
        try (XdpProgram program = XdpProgram.load(2, 1)) {
            assertThrows(IllegalArgumentException.class, () -> program.counters(0));
            program.add(Flow.parse("239.1.2.3:5004"));
            assertEquals(0, program.counters(0).seen());
            assertThrows(IllegalArgumentException.class, () -> program.counters(1));
        }
    }

    @Test
    void aUmemWithOpenSocketsIsNotClosed() throws Exception {
        Umem umem = smallUmem();
        XdpSocket socket = smallSocket(umem);
        assertThrows(IllegalStateException.class, umem::close);
        assertEquals(0, socket.receive().size());
        socket.close();
        umem.close();
    }

    @Test
    void aSecondThreadIsRefused() throws Exception {
        Umem umem = smallUmem();
        XdpSocket socket = smallSocket(umem);
        CountDownLatch waiting = new CountDownLatch(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread first = new Thread(() -> {
            waiting.countDown();
            try {
                socket.await(3_000); // nothing comes
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        first.start();
        waiting.await();
        while (first.getState() == Thread.State.NEW || isFree(umem)) {
            Thread.sleep(1);
        }
        assertThrows(IllegalStateException.class, socket::receive);
        assertThrows(IllegalStateException.class, socket::close);
        assertThrows(IllegalStateException.class, umem::close);
        first.join();
        assertEquals(null, failure.get());
        socket.close();
        umem.close();
    }

    private static boolean isFree(Umem umem) {
        try {
            umem.audit();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    void aTakenQueueIsNamed() throws Exception {
        try (Umem umem = smallUmem();
                XdpSocket socket = smallSocket(umem);
                Umem other = smallUmem()) {
            KernelException e = assertThrows(KernelException.class, () -> smallSocket(other));
            assertEquals(EBUSY, e.errno());
            assertTrue(e.getMessage().contains("queue 0 of rx0 is taken"), e.getMessage());
            assertEquals(0, socket.queue());
        }
    }

    @Test
    void anInterfaceWithAnotherProgramIsNamed() throws Exception {
        try (XdpProgram first = XdpProgram.load(1, 1);
                XdpProgram second = XdpProgram.load(1, 1)) {
            assertEquals(Mode.NATIVE, first.attach(VethPair.RX, Mode.AUTO));
            KernelException e = assertThrows(KernelException.class, () -> second.attach(VethPair.RX, Mode.AUTO));
            assertEquals(EBUSY, e.errno());
            assertTrue(e.getMessage().contains("rx0 has an XDP program already"), e.getMessage());
            first.detach();
            assertEquals(Mode.NATIVE, second.attach(VethPair.RX, Mode.NATIVE));
        }
    }

    @Test
    void anInterfaceThatIsNotThereIsNamed() throws Exception {
        try (Umem umem = smallUmem();
                XdpProgram program = XdpProgram.load(1, 1)) {
            KernelException e = assertThrows(
                    KernelException.class, () -> XdpSocket.open(umem, "nope0", 0,
                            XdpSocketOptions.DEFAULT.rxRing(64).batch(8)));
            assertEquals(ENODEV, e.errno());
            assertTrue(e.getMessage().contains("'nope0'"), e.getMessage());
            assertThrows(KernelException.class, () -> program.attach("nope0", Mode.AUTO));
            assertThrows(KernelException.class, () -> NetDevice.find("nope0"));
        }
    }

    @Test
    void zeroCopyThatTheDriverLacksIsNamed() throws Exception {
        try (Umem umem = smallUmem()) {
            KernelException e = assertThrows(
                    KernelException.class, () -> XdpSocket.open(umem, VethPair.RX, 0,
                            XdpSocketOptions.DEFAULT.rxRing(64).batch(8).mode(Mode.ZERO_COPY)));
            assertTrue(e.getMessage().contains("rx0 has no zero-copy"), e.getMessage());
        }
    }

    @Test
    void aFlowIsAddedOnce() throws Exception {
        try (XdpProgram program = XdpProgram.load(2, 1)) {
            assertEquals(0, program.add(Flow.parse("239.1.2.3:5004")));
            assertThrows(KernelException.class, () -> program.add(Flow.parse("239.1.2.3:5004")));
            assertEquals(1, program.add(Flow.parse("239.1.2.3:5005")));
            assertThrows(KernelException.class, () -> program.add(Flow.parse("239.1.2.3:5006")));
        }
    }

    @Test
    void aFlowIsPreparedAndAdmittedOnce() throws Exception {
        try (XdpProgram program = XdpProgram.load(2, 1)) {
            int id = program.prepare(FLOW);
            assertEquals(EEXIST, assertThrows(KernelException.class, () -> program.prepare(FLOW)).errno());
            program.admit(id);
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> program.admit(id));
            assertTrue(e.getMessage().contains("has been admitted already"), e.getMessage());
            assertThrows(IllegalArgumentException.class, () -> program.admit(id + 1));
            assertEquals(EEXIST, assertThrows(KernelException.class, () -> program.add(FLOW)).errno());
            assertEquals(1, program.flowCount());
        }
    }

    @Test
    void aFlowThatIsNotThereIsNotRemoved() throws Exception {
        try (Umem umem = smallUmem();
                XdpSocket socket = smallSocket(umem);
                XdpProgram program = XdpProgram.load(2, 1)) {
            assertThrows(IllegalArgumentException.class, () -> program.remove(0));
            int id = program.add(FLOW);
            program.redirect(id, socket);
            program.remove(id);
            assertEquals(0, program.flowCount());
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> program.redirect(id, socket));
            assertTrue(e.getMessage().contains("there is no flow 0"), e.getMessage());
            assertThrows(IllegalArgumentException.class, () -> program.remove(id));
            assertThrows(IllegalArgumentException.class, () -> program.admit(id));
            assertThrows(IllegalArgumentException.class, () -> program.sockets(id));
            assertEquals(0, program.counters(id).seen(), "the counters can still be read");
            assertEquals(1, program.arrivedWithoutSocket(id).length);
        }
    }

    @Test
    void aProgramThatIsFullSaysSo() throws Exception {
        try (XdpProgram program = XdpProgram.load(2, 1)) {
            program.add(FLOW);
            int prepared = program.prepare(Flow.parse("239.1.2.3:5005"));
            KernelException e =
                    assertThrows(KernelException.class, () -> program.prepare(Flow.parse("239.1.2.3:5006")));
            assertEquals(EINVAL, e.errno());
            assertTrue(e.getMessage().contains("it was loaded for 2 flows; load it for more"), e.getMessage());
            program.remove(prepared); // which was never admitted
            assertEquals(prepared, program.add(Flow.parse("239.1.2.3:5006")));
        }
    }

    /** The id that was given longest ago is given again. */
    @Test
    void aFlowMayComeAgain() throws Exception {
        try (XdpProgram program = XdpProgram.load(3, 1)) {
            assertEquals(0, program.add(FLOW));
            for (int id : new int[] {1, 2, 1, 2, 1}) {
                Flow other = Flow.parse("239.1.2.3:5005");
                assertEquals(id, program.add(other));
                program.remove(id);
            }
            program.remove(0);
            assertEquals(2, program.add(FLOW));
            assertEquals(0, program.add(Flow.parse("239.1.2.3:5006")));
        }
    }

    /** A half of it would take its packets to the stack, or the next flow of its id into its socket. */
    @Test
    void aFlowThatCannotBeRedirectedIsNotAdded() throws Exception {
        Umem umem = smallUmem();
        XdpSocket socket = smallSocket(umem);
        socket.close();
        umem.close();
        try (XdpProgram program = XdpProgram.load(1, 1)) {
            assertThrows(IllegalStateException.class, () -> program.redirect(FLOW, socket));
            assertEquals(0, program.flowCount());
            assertEquals(0, program.add(FLOW));
            assertTrue(program.sockets(0).isEmpty());
        }
    }

    /** A program stands by no interface when it has no socket there any more. */
    @Test
    void aProgramMayGoToAnotherInterfaceThanItsFormerSockets() throws Exception {
        try (Umem umem = smallUmem();
                XdpSocket socket = smallSocket(umem);
                XdpProgram program = XdpProgram.load(1, 1)) {
            int id = program.redirect(FLOW, socket);
            assertThrows(IllegalArgumentException.class, () -> program.attach(VethPair.TX, Mode.AUTO));
            program.remove(id);
            assertEquals(Mode.NATIVE, program.attach(VethPair.TX, Mode.AUTO));
        }
    }

    @Test
    void programSocketAndUmemMayCloseInAnyOrderThatTheUmemAllows() throws Exception {
        Umem umem = smallUmem();
        XdpSocket socket = smallSocket(umem);
        XdpProgram first = XdpProgram.load(1, 1);
        XdpProgram second = XdpProgram.load(1, 1);
        first.redirect(FLOW, socket);
        second.redirect(FLOW, socket);
        assertEquals(socket, second.sockets(0).get(0));
        first.close();
        assertThrows(IllegalStateException.class, () -> first.prepare(FLOW));
        assertThrows(IllegalStateException.class, () -> first.admit(0));
        assertThrows(IllegalStateException.class, () -> first.remove(0));
        socket.close();
        assertTrue(second.sockets(0).isEmpty());
        second.remove(0);
        umem.close();
        second.close();
    }

    @Test
    void wrongSizesAreNamed() {
        assertTrue(assertThrows(KernelException.class, () -> Umem.open(1024, 64, 64))
                .getMessage()
                .contains("1024"));
        assertTrue(assertThrows(KernelException.class, () -> Umem.open(2048, 64, 48))
                .getMessage()
                .contains("48"));
        assertTrue(assertThrows(KernelException.class, () -> Umem.open(2048, 1 << 20, 64))
                .getMessage()
                .contains("2 GiB"));
    }
}
