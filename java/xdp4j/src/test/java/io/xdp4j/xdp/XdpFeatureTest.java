// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;

class XdpFeatureTest {
    /** Bits as in enum netdev_xdp_act of Linux: 1 basic, 2 redirect, 8 zero-copy, 32 several buffers; 1,024 is none. */
    @Test
    void readsTheKernelsBits() {
        assertEquals(Set.of(), XdpFeature.of(0));
        assertEquals(
                Set.of(XdpFeature.BASIC, XdpFeature.REDIRECT, XdpFeature.XSK_ZEROCOPY, XdpFeature.RX_SG),
                XdpFeature.of(1 + 2 + 8 + 32 + 1_024));
    }
}
