// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.jni.FlowKey;
import io.xdp4j.jni.NtupleNative;
import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import io.xdp4j.xdp.SteeringRules.Rule;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An interface whose driver has no rules: a veth. {@code native/test/ntuple_test.c} has what is decided elsewhere. */
@Tag("integration")
@Timeout(60)
class SteeringRulesIT {
    private static final int ENODEV = 19;
    private static final int EOPNOTSUPP = 95;
    private static final Flow FLOW = Flow.parse("[ff3e::1]:5004@fd99::2");

    @Test
    void aVethSaysThatItHasNone() throws Exception {
        try (VethPair veth = VethPair.create(2)) {
            assertFalse(SteeringRules.supported(VethPair.RX));
            KernelException e = assertThrows(KernelException.class, () -> SteeringRules.open(VethPair.RX));
            assertEquals(EOPNOTSUPP, e.errno());
            assertTrue(e.getMessage().contains("the driver of rx0 takes no rules"), e.getMessage());
            e = assertThrows(KernelException.class, () -> NtupleNative.add(VethPair.RX, FlowKey.of(FLOW), 1));
            assertEquals(EOPNOTSUPP, e.errno());
            e = assertThrows(
                    KernelException.class, () -> SteeringRules.remove(VethPair.RX, new Rule(FLOW, 1, 7)));
            assertEquals(EOPNOTSUPP, e.errno());
        }
    }

    @Test
    void namesAnInterfaceThatIsNotThere() {
        KernelException e = assertThrows(KernelException.class, () -> SteeringRules.supported("none0"));
        assertEquals(ENODEV, e.errno());
        assertTrue(e.getMessage().contains("'none0'"), e.getMessage());
    }
}
