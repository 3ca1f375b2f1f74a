// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class NumaNodesTest {
    @Test
    void memoryIsOnTheNodeOfTheDevice() {
        NumaNodes two = new NumaNodes(List.of(0, 1), List.of(0, 1));
        assertEquals(1, two.nearest(1));
        assertEquals(0, two.nearest(0));
    }

    @Test
    void orAnywhereWhenThatIsNoChoice() {
        assertEquals(-1, new NumaNodes(List.of(0, 1), List.of(0, 1)).nearest(-1), "a device on no node");
        assertEquals(-1, new NumaNodes(List.of(0), List.of(0)).nearest(0), "the only node");
        assertEquals(-1, new NumaNodes(List.of(), List.of()).nearest(0), "a kernel without NUMA");
        assertEquals(-1, new NumaNodes(List.of(0, 2), List.of(0, 1, 2)).nearest(1), "a node of CPUs alone");
        assertEquals(-1, new NumaNodes(List.of(0, 1), List.of(0)).nearest(1), "a cpuset without it");
    }

    @Test
    void thisMachineHasMemory() throws Exception {
        NumaNodes here = NumaNodes.ofThisProcess();
        assertTrue(
                here.withMemory().isEmpty() || here.withMemory().stream().anyMatch(here.allowed()::contains),
                here::toString);
    }
}
