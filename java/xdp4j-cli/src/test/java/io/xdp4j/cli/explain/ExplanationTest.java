// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.receive.Backend;
import io.xdp4j.cli.receive.ReceiveReports;
import io.xdp4j.cli.receive.Received;
import io.xdp4j.ledger.Advice;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static String explained(LedgerSnapshot ledger, int ring) {
        Received received = ReceiveReports.xdp(ring, 9.8, ledger);
        List<String> lines = Explanation.of(received, ReceiveReports.settings(Backend.XDP, ring, ledger));
        lines.forEach(line -> assertTrue(line.length() <= 120, line));
        return String.join("\n", lines);
    }

    @Test
    void saysWhatWhereWhyAndWhatEndsIt() {
        String text = explained(Ledgers.lost(Cause.FILL_RING_EMPTY, 47_181, Ledgers.LONG_RINGS), 2_048);

        assertTrue(
                text.startsWith(
                        """
                        239.1.2.3:5004
                          on the wire 3,900,000, delivered 3,852,819, lost 47,181, unexplained 0.
                            fill ring empty          47,181   1.2 %
                        """),
                text);
        assertTrue(text.contains("      The kernel had no frame to put the packet in"), text);
        assertTrue(text.contains("      Known from: XDP_STATISTICS"), text);
        assertTrue(
                text.contains(
                        """
                              Finding on FILL_RING_EMPTY.
                              Change of FILL_RING_EMPTY.
                              Options: --fill-ring 32768 --rx-ring 32768
                        """),
                text);
    }

    @Test
    void aFindingThatSaysItAllIsSaidOnce() {
        Advice upstream = new Advice(
                Ledgers.FLOW,
                Cause.UPSTREAM,
                5,
                Cause.UPSTREAM.happened(),
                Cause.UPSTREAM.change(),
                Advice.Settings.NONE);
        FlowLedger flow = Ledgers.flow(Ledgers.FLOW, 100, Map.of(Cause.UPSTREAM, 5L));

        String text = explained(new LedgerSnapshot(List.of(flow), List.of(upstream), List.of(), List.of()), 64);

        assertEquals(2, text.split("never reached").length, text);
    }

    @Test
    void withoutLossItSaysHowNearItWas() {
        assertEquals(
                "239.1.2.3:5004\n"
                        + "  on the wire 3,900,000, delivered 3,900,000, lost 0, unexplained 0.\n"
                        + "Nothing was lost.\n"
                        // 32,768 / 390,000 s; 390,000 × 9.8 ms = 3,822; × 4 = 15,288, of which the next power of two
                        + "A ring of 32,768 holds 84.0 ms of the 390,000 packets a second that came; the receiver was"
                        + " away for 9.8 ms at the\nlongest, in which 3,822 packets arrive. With a margin of 4 times"
                        + " that, a ring of 16,384 suffices.",
                explained(Ledgers.nothingLost(), 32_768));
    }

    @Test
    void withoutLossItSaysThatARingIsShort() {
        assertTrue(explained(Ledgers.nothingLost(), 8_192)
                .replace('\n', ' ')
                .endsWith("a ring of 16,384 suffices: this one is short of it."));
    }

    @Test
    void withoutLossASocketHasABuffer() {
        LedgerSnapshot ledger = Ledgers.nothingLost();

        String text = String.join(
                " ",
                Explanation.of(
                        ReceiveReports.socket(9.8, ledger), ReceiveReports.settings(Backend.RECVMMSG, 64, ledger)));

        assertTrue(text.contains("in which 3,822 packets arrive; the buffer has 67,108,864 bytes."), text);
    }

    @Test
    void whatIsUnexplainedMayBeLost() {
        String text = explained(Ledgers.unexplained(Map.of(), 3), 32_768);

        assertTrue(text.contains("lost 0, unexplained 3."), text);
        assertTrue(text.endsWith("\nThe ledger does not close: no counter has what is unexplained."), text);
        assertFalse(text.contains("Nothing was lost"), text);
    }

    @Test
    void silenceSaysWhatToCheck() {
        String text = explained(Ledgers.silence(), 32_768);

        assertTrue(text.startsWith("Nothing arrived on rx0"), text);
        assertTrue(text.contains("IGMP or MLD snooping"), text);
    }

    @Test
    void oneSilentFlowOfTwoIsNamed() {
        FlowLedger well = Ledgers.flow(Ledgers.FLOW, 100, Map.of());
        FlowLedger silent = Ledgers.flow(Ledgers.OTHER, 0, Map.of());

        String text = explained(new LedgerSnapshot(List.of(well, silent), List.of(), List.of(), List.of()), 64);

        assertTrue(text.contains("239.1.2.4:5004: nothing of it arrived"), text);
    }

    @Test
    void limitsAreTold() {
        LedgerSnapshot ledger = new LedgerSnapshot(
                List.of(Ledgers.flow(Ledgers.FLOW, 100, Map.of())), List.of(), List.of(), List.of("A from B"));

        assertTrue(explained(ledger, 64).endsWith("limit: A from B"));
    }
}
