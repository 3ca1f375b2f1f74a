// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.Map;

/** What a ledger must come to, as the source and whoever provoked a loss know it. */
final class Books {
    private final long[] wire; // by flow
    private final Map<Cause, Long> lost = new EnumMap<>(Cause.class);

    Books(int flows) {
        wire = new long[flows];
    }

    /** Packets of a flow that were sent, or left out on purpose. */
    void wire(int flow, long packets) {
        wire[flow] += packets;
    }

    /** Packets that were lost, of whatever flow. */
    void lost(Cause cause, long packets) {
        if (packets > 0) {
            lost.merge(cause, packets, Long::sum);
        }
    }

    /** The ledger has the same, when nothing is on its way any more. */
    void assertKept(LedgerSnapshot ledger) {
        assertSound(ledger);
        Map<Cause, Long> causes = new EnumMap<>(Cause.class);
        for (int id = 0; id < wire.length; id++) {
            FlowLedger flow = ledger.flows().get(id);
            assertEquals(0, flow.waiting(), ledger::toString);
            assertEquals(wire[id], flow.wire(), ledger::toString);
            flow.causes().forEach((cause, packets) -> causes.merge(cause, packets, Long::sum));
        }
        assertEquals(lost, causes, ledger::toString);
    }

    /** The equation holds, with nothing unexplained, and nothing is negative. True at any moment. */
    static void assertSound(LedgerSnapshot ledger) {
        for (FlowLedger flow : ledger.flows()) {
            assertEquals(
                    flow.wire(),
                    flow.delivered() + flow.waiting() + flow.lost() + flow.unexplained(),
                    ledger::toString);
            assertEquals(0, flow.unexplained(), ledger::toString);
            assertTrue(flow.wire() >= 0 && flow.delivered() >= 0 && flow.waiting() >= 0, ledger::toString);
            assertTrue(flow.causes().values().stream().allMatch(packets -> packets > 0), ledger::toString);
        }
    }
}
