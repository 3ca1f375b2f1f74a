// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import static io.xdp4j.cli.doctor.HandMadeHost.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.ledger.Demand;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RingDepthTest {
    private static final long MS = 1_000_000;
    private static final Optional<String> ETH1 = Optional.of("eth1");

    /** README.md: away for 5 ms at 390,000 packets a second it finds 1,950. */
    @Test
    void rateTimesAbsence() {
        assertEquals(new RingDepth(390_000, 1_950, 2_048, 8_192, 32_768), RingDepth.of(390_000, 5 * MS));
        assertEquals(new RingDepth(1, 1, 1, 4, 32_768), RingDepth.of(1, 5 * MS));
        assertEquals(new RingDepth(1_000_000, 4_096, 4_096, 16_384, 32_768), RingDepth.of(1_000_000, 4_096_000));
        assertEquals(new RingDepth(1_000_000, 4_097, 8_192, 32_768, 32_768), RingDepth.of(1_000_000, 4_096_001));
    }

    /** What `explain` reckons from a run, at the same rate and absence. */
    @Test
    void agreesWithExplain() {
        for (long absenceNs : new long[] {MS, 5 * MS, 20 * MS, 46 * MS, 100 * MS}) {
            assertEquals(new Demand(520_000, absenceNs).ring(1), RingDepth.of(520_000, absenceNs).ringWithMargin());
        }
    }

    /** 8,192 packets are the most of which the default ring of 32,768 holds four times as many. */
    @Test
    void theMarginIsPartOfWhatIsNeeded() {
        assertEquals(List.of("ok"), verdict(RingDepth.of(1_000_000, 8_192_000).finding(ETH1, OptionalInt.of(1))));
        assertEquals(
                List.of("warning", "./xdp4j receive --interface eth1 --rx-ring 65536 --fill-ring 65536"),
                verdict(RingDepth.of(1_000_000, 8_193_000).finding(ETH1, OptionalInt.of(1))));
        assertEquals(Verdict.WARNING, RingDepth.of(1_000_000, 32_768_000).finding(ETH1, OptionalInt.of(1)).verdict());
        assertEquals(
                List.of("problem", "./xdp4j receive --interface eth1 --rx-ring 262144 --fill-ring 262144"),
                verdict(RingDepth.of(1_000_000, 32_769_000).finding(ETH1, OptionalInt.of(1))));
    }

    /** 65,536 packets are the most of which the deepest ring, 262,144, holds four times as many. */
    @Test
    void noRingIsDeepEnough() {
        assertEquals(
                List.of("problem", "./xdp4j receive --interface eth1 --rx-ring 262144 --fill-ring 262144"),
                verdict(RingDepth.of(1_000_000, 65_536_000).finding(ETH1, OptionalInt.of(3))));
        assertEquals(
                List.of(
                        "problem",
                        "./xdp4j receive --interface eth1 --rx-ring 262144 --fill-ring 262144 --cpu 3 --priority 10"),
                verdict(RingDepth.of(1_000_000, 65_537_000).finding(ETH1, OptionalInt.of(3))));
        assertEquals(
                List.of("problem", "./xdp4j receive --rx-ring 262144 --fill-ring 262144 --priority 10"),
                verdict(RingDepth.of(1_000_000, 65_537_000).finding(Optional.empty(), OptionalInt.empty())));
    }
}
