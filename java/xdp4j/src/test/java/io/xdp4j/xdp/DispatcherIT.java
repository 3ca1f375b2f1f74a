// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.KernelException;
import io.xdp4j.xdp.Attachment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The XDP program in libxdp's dispatcher; {@code native/test/steer_dispatcher_test.c} has the packets. */
@Tag("integration")
@Timeout(60)
class DispatcherIT {
    private static final int ENOENT = 2;
    private static final int EBUSY = 16;
    private static final int EOPNOTSUPP = 95;

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

    @Test
    void joinsAndLeaves() throws Exception {
        try (XdpProgram first = XdpProgram.load(1, 1);
                XdpProgram second = XdpProgram.load(1, 1)) {
            int loaded = first.programId();
            try {
                first.attach(VethPair.RX, Mode.AUTO, Attachment.DISPATCHER);
            } catch (KernelException e) {
                assertEquals(EOPNOTSUPP, e.errno(), e.getMessage());
                assertTrue(e.getMessage().contains("attach by a link"), e.getMessage());
                assertEquals(Mode.NATIVE, first.attach(VethPair.RX, Mode.AUTO), "nothing was left in the way");
                abort("but for the refusal: " + e.getMessage());
            }
            int attached = first.programId();
            assertNotEquals(loaded, attached);
            assertEquals(Mode.NATIVE, second.attach(VethPair.RX, Mode.AUTO, Attachment.DISPATCHER));
            XdpProgram.detachFromDispatcher(VethPair.RX, attached);
            first.detach();
            assertEquals(loaded, first.programId());
            KernelException busy = assertThrows(KernelException.class, () -> first.attach(VethPair.RX, Mode.AUTO));
            assertEquals(EBUSY, busy.errno());
            assertTrue(busy.getMessage().contains("--attach dispatcher"), busy.getMessage());
            second.detach();
            assertEquals(Mode.NATIVE, first.attach(VethPair.RX, Mode.AUTO));
        }
    }

    @Test
    void saysWhatIsInNoDispatcher() throws Exception {
        try (XdpProgram program = XdpProgram.load(1, 1)) {
            program.attach(VethPair.RX, Mode.AUTO);
            int id = program.programId();
            KernelException e = assertThrows(
                    KernelException.class, () -> XdpProgram.detachFromDispatcher(VethPair.RX, id));
            assertEquals(ENOENT, e.errno(), e.getMessage());
        }
    }

    @Test
    void namesTheProgramInTheWay() throws Exception {
        try (XdpProgram there = XdpProgram.load(1, 1);
                XdpProgram late = XdpProgram.load(1, 1)) {
            there.attach(VethPair.RX, Mode.AUTO);
            KernelException e = assertThrows(KernelException.class, () -> late.attach(VethPair.RX, Mode.AUTO));
            assertEquals(EBUSY, e.errno());
            assertTrue(e.getMessage().contains("(steer, id " + there.programId() + ")"), e.getMessage());
        }
    }
}
