// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.packet.Flow;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The short forms of RFC 5952 section 4.2, each of which names the same flow. */
class FlowNameTest {
    @ParameterizedTest
    @CsvSource({
        "239.1.2.3:5004, 239.1.2.3:5004",
        "232.0.0.0:5004@10.0.0.1, 232.0.0.0:5004@10.0.0.1",
        "[ff3e:0:0:0:0:0:0:1]:5004, [ff3e::1]:5004",
        "[ff3e:0:0:0:0:0:8000:0]:10, [ff3e::8000:0]:10",
        "[ff00:0:0:0:0:0:0:0]:5004, [ff00::]:5004",
        "[ff3e:0:1:2:3:4:5:6]:5004, [ff3e:0:1:2:3:4:5:6]:5004",
        "[ff3e:0:0:1:0:0:0:1]:5004, [ff3e:0:0:1::1]:5004",
        "[ff3e:1:0:0:1:0:0:1]:5004, [ff3e:1::1:0:0:1]:5004",
        "[ff3e:10:0:0:100:0:0:1]:5004, [ff3e:10::100:0:0:1]:5004",
        "[ff3e:0:0:0:0:0:0:1]:5004@2001:db8:0:0:0:0:0:7, [ff3e::1]:5004@2001:db8::7",
        "[ff3e:0:0:0:0:0:0:1]:5004@0:0:0:0:0:0:0:1, [ff3e::1]:5004@::1",
    })
    void isShortAndNamesTheSame(String flow, String name) {
        assertEquals(name, FlowName.of(Flow.parse(flow)));
        assertEquals(Flow.parse(flow), Flow.parse(name));
    }
}
