// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class GridMeasurementTest {
    @Test
    void backendsOfOneRateAndStrategyFollowEachOther() {
        assertEquals(
                List.of(
                        "xdp at 1,000 pps, spin",
                        "raw at 1,000 pps, spin",
                        "xdp at 1,000 pps, poll",
                        "raw at 1,000 pps, poll",
                        "xdp at 2,000 pps, spin",
                        "raw at 2,000 pps, spin",
                        "xdp at 2,000 pps, poll",
                        "raw at 2,000 pps, poll"),
                plans(List.of(1_000L, 2_000L), List.of(Backend.XDP, Backend.RAW)));
    }

    @Test
    void theQuestionHasOneStrategyAndSoOneCellARate() {
        assertEquals(
                List.of(
                        "question at 1,000 pps, sleep:2ms",
                        "nio at 1,000 pps, spin",
                        "nio at 1,000 pps, poll"),
                plans(List.of(1_000L), List.of(Backend.QUESTION, Backend.NIO)));
    }

    private static List<String> plans(List<Long> rates, List<Backend> backends) {
        return GridMeasurement.plans(rates, List.of(Cells.idle("spin"), Cells.idle("poll")), backends, 6).stream()
                .map(Plan::toString)
                .toList();
    }
}
