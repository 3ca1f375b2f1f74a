// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.packet.Flow;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes of {@code struct flow_key} (bpf/flow.h), by hand. */
class FlowKeyTest {
    private static String hex(String flow) {
        return HexFormat.of().formatHex(FlowKey.of(Flow.parse(flow)));
    }

    @Test
    void anySource() {
        assertEquals(
                "00000000000000000000ffffef010203" + "00000000000000000000000000000000" + "138c" + "0000",
                hex("239.1.2.3:5004"));
    }

    @Test
    void sourceSpecific() {
        assertEquals(
                "ff3e0000000000000000000000000001" + "20010db8000000000000000000000007" + "ffff" + "0000",
                hex("[ff3e::1]:65535@2001:db8::7"));
        assertEquals(
                "00000000000000000000ffffe8010101" + "00000000000000000000ffff0a630007" + "0001" + "0000",
                hex("232.1.1.1:1@10.99.0.7"));
    }
}
