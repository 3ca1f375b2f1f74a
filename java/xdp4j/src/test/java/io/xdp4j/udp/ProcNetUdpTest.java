// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.xdp4j.packet.Flow;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProcNetUdpTest {
    private static final List<String> TABLE = List.of(
            "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref"
                    + " pointer drops             ",
            "  337: 030201EF:138C 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2"
                    + " 0000000000000000 0         ",
            "  337: 030201EF:138C 00000000:0000 07 00000000:00034500 00:00000000 00000000     0        0 4712 2"
                    + " 0000000000000000 4294967295");

    @Test
    void findsTheDropsOfASocket() {
        assertEquals(OptionalLong.of(0), ProcNetUdp.drops(TABLE, 4711));
        assertEquals(OptionalLong.of(4_294_967_295L), ProcNetUdp.drops(TABLE, 4712));
        assertEquals(OptionalLong.empty(), ProcNetUdp.drops(TABLE, 471));
    }

    @Test
    void writesAddressesAsTheKernel() {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "the expected text is that of such a host");
        assertEquals("030201EF:138C", ProcNetUdp.localAddress(Flow.parse("239.1.2.3:5004")));
        assertEquals(
                "00003EFF000000000000000001000080:138C", ProcNetUdp.localAddress(Flow.parse("[ff3e::8000:1]:5004")));
    }
}
