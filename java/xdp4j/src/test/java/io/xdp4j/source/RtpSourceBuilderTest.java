// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.source;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.packet.Flow;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RtpSourceBuilderTest {
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");

    private final RtpSourceBuilder builder = RtpSource.on("eth1").flow(FLOW);

    @Test
    void refusesAFlowTwice() {
        assertRefused("239.1.2.3:5004", () -> builder.flow(FLOW));
    }

    @Test
    void takesTwoSourcesOfOneGroup() {
        builder.flow(Flow.parse("239.1.2.3:5004@192.0.2.1")).flow(Flow.parse("239.1.2.3:5004@192.0.2.2"));
    }

    @Test
    void refusesMoreFlowsThanTheProgramHolds() {
        for (int port = 1; port < 512; port++) {
            builder.flow(Flow.parse("239.1.2.4:" + port));
        }
        assertRefused("up to 512", () -> builder.flow(Flow.parse("239.1.2.4:512")));
    }

    @Test
    void refusesNumbersOutOfRange() {
        assertRefused("-1", () -> builder.firstSequence(-1));
        assertRefused("65536", () -> builder.firstSequence(65_536));
        assertRefused("0 packets", () -> builder.positions(0));
    }

    @Test
    void refusesMoreRangesThanAPatternHolds() {
        List<PositionRange> ranges = Collections.nCopies(17, new PositionRange(0, 0, 1));
        assertRefused("17", () -> builder.lose(ranges));
        assertRefused("17", () -> builder.duplicate(ranges));
        assertRefused("17", () -> builder.swap(ranges));
    }

    @Test
    void opensOnlyWhatIsDescribed() {
        assertThrows(IllegalStateException.class, builder::open, "no positions");
        assertThrows(IllegalStateException.class, () -> RtpSource.on("eth1").positions(1).open(), "no flow");
    }

    private static void assertRefused(String named, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(named), message);
    }
}
