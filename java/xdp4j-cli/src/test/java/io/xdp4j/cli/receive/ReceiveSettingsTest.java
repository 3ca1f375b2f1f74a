// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.BadInput;
import io.xdp4j.packet.Flow;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.NetDevice;
import io.xdp4j.xdp.UmemOptions;
import io.xdp4j.xdp.XdpProgram;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiveSettingsTest {
    private static ReceiveSettings withMtu(int bytes) {
        return new ReceiveSettings(
                new NetDevice("eth9", 9, bytes, 1, true, false, -1),
                List.of(Flow.parse("239.1.2.3:5004"), Flow.parse("239.1.2.4:5004")),
                Backend.XDP,
                new XdpSettings(
                        List.of(0), Workers.THREADS, SocketsPer.QUEUE, 64, 64, 2_048,
                        bytes + XdpSettings.LINK_HEADER_BYTES, Mode.AUTO,
                        XdpProgram.Attachment.LINK),
                1,
                8,
                new Idle.Converter().convert(Idle.SPIN));
    }

    /** The MTU, an Ethernet header and two VLAN tags. */
    @Test
    void theUmemTakesWhatTheMtuAllows() {
        withMtu(9_000).check();
        assertEquals(new UmemOptions(2_048, 64, 64, 9_022, 16, -1), withMtu(9_000).xdp().umem(16));
        withMtu(65_535).check();
    }

    @Test
    void anMtuBeyondTheLongestPacketIsRefused() {
        String message = assertThrows(BadInput.class, () -> withMtu(65_536).check()).getMessage();
        assertTrue(message.contains("the MTU of eth9 is 65536, but an IP packet has 65535 bytes at most"), message);
        assertTrue(message.contains("`ip link set eth9 mtu 9000`"), message);
    }
}
