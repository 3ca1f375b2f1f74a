// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.receive.ReceiveReports;
import io.xdp4j.cli.receive.Received;
import io.xdp4j.ledger.Advice;
import io.xdp4j.ledger.Cause;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BeforeAfterTest {
    private static final List<String> OPTIONS = List.of("--fill-ring", "32768");

    private final Received before =
            ReceiveReports.xdp(2_048, 9.8, Ledgers.lost(Cause.FILL_RING_EMPTY, 47_181, Ledgers.LONG_RINGS));

    @Test
    void showsBothRunsSideBySide() {
        Received after = ReceiveReports.xdp(32_768, 2.4, Ledgers.nothingLost());

        assertEquals(
                """
                                               before          after
                on the wire                 3,900,000      3,900,000
                delivered                   3,852,819      3,900,000
                lost                           47,181              0
                  fill ring empty              47,181              0
                unexplained                         0              0
                longest absence                9.8 ms         2.4 ms
                fill ring                       2,048         32,768
                RX ring                         2,048         32,768
                depth needed                    3,822          3,822

                With --fill-ring 32768 nothing was lost.""",
                text(after));
    }

    @Test
    void doesNotPraiseWhatDidNotHelp() {
        String text = text(ReceiveReports.xdp(32_768, 2.4, Ledgers.lost(Cause.UPSTREAM, 5, Advice.Settings.NONE)));

        assertTrue(text.contains("  upstream                          0              5\n"), text);
        assertTrue(text.contains("  fill ring empty              47,181              0\n"), text);
        assertTrue(text.endsWith("With --fill-ring 32768 5 were still lost."), text);
    }

    @Test
    void doesNotSayThatNothingWasLostWhileAnythingIsUnexplained() {
        String nothing = text(ReceiveReports.xdp(32_768, 2.4, Ledgers.unexplained(Map.of(), 3)));
        String some = text(ReceiveReports.xdp(32_768, 2.4, Ledgers.unexplained(Map.of(Cause.UPSTREAM, 5L), 3)));

        assertTrue(nothing.contains("unexplained                         0              3\n"), nothing);
        assertTrue(
                nothing.endsWith("With --fill-ring 32768 nothing was lost to a known cause; the ledger does not close:"
                        + " see unexplained."),
                nothing);
        assertTrue(
                some.endsWith("With --fill-ring 32768 5 were still lost; the ledger does not close: see unexplained."),
                some);
    }

    @Test
    void aSilentSecondRunShowsNothing() {
        assertTrue(text(ReceiveReports.xdp(32_768, 2.4, Ledgers.silence()))
                .endsWith("Nothing arrived in the second run: it shows nothing."));
    }

    @Test
    void socketsHaveABuffer() {
        Received run = ReceiveReports.socket(2.4, Ledgers.lost(Cause.SOCKET_BUFFER, 5, Advice.Settings.NONE));

        List<String> lines = BeforeAfter.lines(run, run, List.of("--receive-buffer", "134217728"));

        assertTrue(lines.contains("receive buffer             67,108,864     67,108,864"), lines.toString());
    }

    private String text(Received after) {
        return String.join("\n", BeforeAfter.lines(before, after, OPTIONS));
    }
}
