// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.packet.Flow;
import io.xdp4j.xdp.SteeringRules;
import org.junit.jupiter.api.Test;

/** What one process tells the other is what the other understands. */
class UndoTest {
    private static final Undo RULE =
            Undo.of("eth1", new SteeringRules.Rule(Flow.parse("232.1.2.3:5004@192.0.2.7"), 3, 1_021));
    private static final Undo PROGRAM = Undo.dispatched("eth2", 4_711);

    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void comesThroughAsItWas() throws Exception {
        Undo[] all = {RULE, PROGRAM};
        String line = mapper.writeValueAsString(all);
        assertEquals(1, line.lines().count());
        assertArrayEquals(all, mapper.readValue(line, Undo[].class));
    }

    @Test
    void hasOnlyWhatItIs() throws Exception {
        assertEquals(
                "{\"interfaceName\":\"eth1\","
                        + "\"rule\":{\"flow\":\"232.1.2.3:5004@192.0.2.7\",\"queue\":3,\"location\":1021}}",
                mapper.writeValueAsString(RULE));
        assertEquals(
                "{\"interfaceName\":\"eth2\",\"dispatchedProgram\":4711}", mapper.writeValueAsString(PROGRAM));
    }

    @Test
    void anIpv6FlowComesThroughToo() throws Exception {
        Undo rule = Undo.of("eth1", new SteeringRules.Rule(Flow.parse("[ff3e::1]:5004"), 0, 0));
        Undo read = mapper.readValue(mapper.writeValueAsString(rule), Undo.class);
        assertEquals(Flow.parse("[ff3e::1]:5004"), Flow.parse(read.rule().flow()));
    }
}
