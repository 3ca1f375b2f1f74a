// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.KernelMemberships;
import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("integration")
class MembershipIT {
    private VethPair veth;

    @BeforeEach
    void connect() throws IOException {
        veth = VethPair.create(1);
    }

    @AfterEach
    void disconnect() throws IOException {
        if (veth != null) {
            veth.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "239.1.2.3:5004",
                "232.1.2.3:5004@10.99.0.2",
                "[ff3e::8000:1]:5004",
                "[ff3e::8000:1]:5004@fd99::2",
                "[ff02::1234]:5004"
            })
    void isTheKernelsWhileOpen(String text) throws Exception {
        Flow flow = Flow.parse(text);
        assertFalse(KernelMemberships.has(VethPair.RX, flow));
        Membership membership = Membership.join(VethPair.RX, flow);
        assertTrue(KernelMemberships.has(VethPair.RX, flow));
        assertFalse(KernelMemberships.has(VethPair.TX, flow));
        membership.close();
        assertFalse(KernelMemberships.has(VethPair.RX, flow));
        membership.close();
    }

    @Test
    void ofTwoSourcesIsTwo() throws Exception {
        Flow first = Flow.parse("232.1.2.3:5004@10.99.0.2");
        Flow second = Flow.parse("232.1.2.3:5004@10.99.0.3");
        Membership firstMembership = Membership.join(VethPair.RX, first);
        Membership secondMembership = Membership.join(VethPair.RX, second);
        assertTrue(KernelMemberships.has(VethPair.RX, first));
        firstMembership.close();
        assertFalse(KernelMemberships.has(VethPair.RX, first));
        assertTrue(KernelMemberships.has(VethPair.RX, second));
        secondMembership.close();
    }

    @Test
    void leavesThePortToOthers() throws Exception {
        Membership membership = Membership.join(VethPair.RX, Flow.parse("239.1.2.3:5004"));
        String port = ":138C "; // 5004
        assertFalse(Files.readString(Path.of("/proc/net/udp")).contains(port));
        membership.close();
    }

    @Test
    void namesAnUnknownInterface() {
        KernelException e = assertThrows(
                KernelException.class, () -> Membership.join("no-such0", Flow.parse("239.1.2.3:5004")));
        assertEquals(19, e.errno()); // ENODEV
        assertTrue(e.getMessage().contains("no-such0"), e.getMessage());
    }

    /** As the port that only captures has none; Java does not even see such an interface. */
    @Test
    void joinsOnAnInterfaceWithoutAddress() throws Exception {
        VethPair.run("ip", "addr", "flush", "dev", VethPair.RX);
        assertNull(NetworkInterface.getByName(VethPair.RX));
        Flow flow = Flow.parse("239.1.2.3:5004");
        Membership membership = Membership.join(VethPair.RX, flow);
        assertTrue(KernelMemberships.has(VethPair.RX, flow));
        membership.close();
    }

    @Test
    void namesTheLimitOfMemberships() throws Exception {
        VethPair.run("sysctl", "-q", "-w", "net.ipv4.igmp_max_memberships=0");
        try {
            IOException e = assertThrows(
                    IOException.class, () -> Membership.join(VethPair.RX, Flow.parse("239.1.2.3:5004")));
            assertTrue(e.getMessage().contains("net.ipv4.igmp_max_memberships"), e.getMessage());
        } finally {
            VethPair.run("sysctl", "-q", "-w", "net.ipv4.igmp_max_memberships=20");
        }
    }
}
