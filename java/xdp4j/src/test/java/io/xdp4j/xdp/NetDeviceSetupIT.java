// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.KernelException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class NetDeviceSetupIT {
    private static final int ENODEV = 19;

    private VethPair veth;

    @BeforeEach
    void plug() throws Exception {
        veth = VethPair.create(2);
    }

    @AfterEach
    void unplug() throws Exception {
        if (veth != null) {
            veth.close();
        }
    }

    @Test
    void readsWhatAVethCan() throws Exception {
        NetDeviceSetup setup = NetDeviceSetup.read(VethPair.RX);
        setup.xdpFeatures().ifPresent(features -> {
            assertTrue(features.contains(XdpFeature.BASIC) && features.contains(XdpFeature.REDIRECT));
            assertTrue(!features.contains(XdpFeature.XSK_ZEROCOPY), features.toString());
        });
        assertEquals(2, setup.rxQueuesMax());
        assertEquals(NetDeviceSetup.Stamps.NONE, setup.stamps());
        assertEquals(new NetDeviceSetup.Feature(false, true), setup.features().get("rx-ntuple-filter"));
        assertEquals(0, setup.nativeProgram());
        assertThrows(UnsupportedOperationException.class, () -> setup.features().clear());
    }

    @Test
    void seesTheProgramThatIsAttached() throws Exception {
        try (XdpProgram program = XdpProgram.load(1, 2)) {
            program.attach(VethPair.RX, Mode.GENERIC);
            NetDeviceSetup setup = NetDeviceSetup.read(VethPair.RX);
            assertEquals(program.programId(), setup.genericProgram());
            assertEquals(0, setup.nativeProgram());
            assertEquals("steer", setup.programName());
        }
        assertEquals(0, NetDeviceSetup.read(VethPair.RX).genericProgram());
    }

    @Test
    void namesTheInterfaceThatIsNotThere() {
        KernelException e = assertThrows(KernelException.class, () -> NetDeviceSetup.read("nope0"));
        assertEquals(ENODEV, e.errno());
        assertTrue(e.getMessage().contains("'nope0'"), e.getMessage());
        assertThrows(NullPointerException.class, () -> NetDeviceSetup.read(null));
    }
}
