// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowTest {
    @Test
    void readsAnIpv4Flow() throws Exception {
        Flow flow = Flow.parse("239.1.2.3:5004");
        assertEquals(InetAddress.getByAddress(new byte[] {(byte) 239, 1, 2, 3}), flow.group());
        assertEquals(5004, flow.port());
        assertEquals(Optional.empty(), flow.source());
        assertFalse(flow.isIpv6());
    }

    @Test
    void readsASourceSpecificIpv6Flow() throws Exception {
        Flow flow = Flow.parse("[ff3e::1]:65535@2001:db8::7");
        assertEquals(InetAddress.getByName("ff3e::1"), flow.group());
        assertEquals(65_535, flow.port());
        assertEquals(Optional.of(InetAddress.getByName("2001:db8::7")), flow.source());
        assertTrue(flow.isIpv6());
        assertEquals(flow, Flow.parse("[ff3e::1]:65535@[2001:db8::7]"));
    }

    @Test
    void twoSourcesAreTwoFlows() {
        assertNotEquals(Flow.parse("232.1.1.1:5004@10.0.0.1"), Flow.parse("232.1.1.1:5004@10.0.0.2"));
        assertNotEquals(Flow.parse("232.1.1.1:5004@10.0.0.1"), Flow.parse("232.1.1.1:5004"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"239.1.2.3:5004", "232.1.2.3:1@10.0.0.1", "[ff3e:0:0:0:0:0:0:1]:5004"})
    void printsWhatItReads(String text) {
        assertEquals(text, Flow.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "239.1.2.3                | is not GROUP:PORT",
                "239.1.2.3:               | port '' is not between 1 and 65535",
                "239.1.2.3:0              | port 0 is not between 1 and 65535",
                "239.1.2.3:65536          | port 65536 is not between 1 and 65535",
                "239.1.2.3:-1             | port '-1' is not between 1 and 65535",
                "239.1.2.3:http           | port 'http' is not between 1 and 65535",
                "10.1.2.3:5004            | 10.1.2.3 is not a multicast group: use 224.0.0.0 to 239.255.255.255",
                "[2001:db8::1]:5004       | is not a multicast group",
                "239.1.2.256:5004         | '239.1.2.256' is not an IPv4 address",
                "239.1.2:5004             | '239.1.2' is not an IPv4 address",
                "video.example.org:5004   | 'video.example.org' is not an IPv4 address",
                "[ff3e::g]:5004           | 'ff3e::g' is not an IPv6 address",
                "ff3e::1:5004             | is not GROUP:PORT",
                "239.1.2.3:5004@          | '' is not an IPv4 address",
                "239.1.2.3:5004@239.1.2.4 | source 239.1.2.4 is not the address of a sender",
                "239.1.2.3:5004@fd00::1   | 'fd00::1' is not an IPv4 address",
                "[ff3e::1]:5004@10.0.0.1  | '10.0.0.1' is not an IPv6 address",
            })
    void namesWhatIsWrong(String text, String message) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Flow.parse(text));
        assertTrue(e.getMessage().contains("'" + text + "'"), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertFalse(e.getMessage().contains("\n"));
    }

    /** RFC 4291 §2.5.5.2. */
    @Test
    void mapsIpv4IntoIpv6() throws Exception {
        assertArrayEquals(
                new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 239, 1, 2, 3},
                Flow.mapped(InetAddress.getByName("239.1.2.3")));
        assertArrayEquals(
                InetAddress.getByName("ff3e::1").getAddress(), Flow.mapped(InetAddress.getByName("ff3e::1")));
    }
}
