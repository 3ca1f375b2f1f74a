// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.receive.LedgerReport;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.cli.sdp.Announcement;
import io.xdp4j.ledger.Cause;
import io.xdp4j.rtp.RtpClocks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReceptionPageTest {
    private static final Run LOSSY = Runs.of(
            Runs.snapshot(
                    Runs.ledger(Runs.FLOW, 1_000, Map.of(Cause.FILL_RING_EMPTY, 30L)),
                    Runs.ledger(Runs.OTHER, 2_000, Map.of(Cause.UPSTREAM, 1_500L))),
            new Run.Event(Instant.EPOCH, "interface rx0 <is> down"));

    @Test
    void theAccountOfEachFlowHasAColumnForEachCause() {
        Run run = Runs.with(
                LOSSY,
                new ReceiveReport.RemovedFlow("239.9.9.9:5004", new LedgerReport(10, 10, 0, Map.of(), 0)));

        assertEquals(
                List.of("flow", "on the wire", "delivered", "waiting", "lost", "upstream", "fill ring empty",
                        "unexplained"),
                ReceptionTables.account(run).heads().stream().map(head -> head.name()).toList());
        assertEquals(
                List.of(
                        List.of("239.1.2.3:5004", "1,000", "970", "0", "30", "0", "30", "0"),
                        List.of("239.1.2.4:5004", "2,000", "500", "0", "1,500", "1,500", "0", "0"),
                        List.of("239.9.9.9:5004 (removed)", "10", "10", "0", "0", "0", "0", "0")),
                ReceptionTables.account(run).rows());
    }

    @Test
    void hasSettingsMachineAndWhatHappened() throws IOException {
        String html = html(LOSSY);

        assertTrue(html.contains("<dt>fill ring</dt><dd>2,048 descriptors</dd>"), "settings");
        assertTrue(html.contains("<dt>huge pages</dt><dd>no: none is free</dd>"), "settings in force");
        assertTrue(html.contains("<dt>CPUs</dt><dd>4 (a CPU)</dd>"), "machine");
        assertTrue(html.contains("interface rx0 &lt;is&gt; down"), "events");
        assertTrue(html.contains("<dt>fullest ring</dt>"), "tiles");
    }

    @Test
    void tellsWhatSessionDescriptionsSay() {
        assertTrue(ReceptionTables.announcements(LOSSY.report()).isEmpty());
        ReceiveReport.FlowReport flow = LOSSY.report().flows().get(0);
        Announcement audio =
                new Announcement("Camera 3 <left>", "audio", "L24", 97, 48_000, RtpClocks.of(48_000), null);
        ReceiveReport.FlowReport announced = new ReceiveReport.FlowReport(
                flow.flow(), audio, flow.ledger(), flow.advice(), flow.ssrc(), flow.payloadType(), flow.clockRateHz(),
                flow.split(), flow.received(), flow.expected(), flow.lost(), flow.discontinuities(), flow.late(),
                flow.restarts(), flow.reordered(), flow.duplicate(), flow.ssrcChanges(), flow.nonRtp(), flow.bytes(),
                flow.jitterMs(), flow.latencyUs(), flow.kernel());

        Run run = Runs.withFlows(LOSSY, announced);

        assertEquals(
                List.of(List.of("239.1.2.3:5004", "Camera 3 <left>: audio L24/48000, payload type 97")),
                ReceptionTables.announcements(run.report()).orElseThrow().rows());
    }

    @Test
    void plotsTimeLossesAndLatencies() throws IOException {
        String html = html(LOSSY);

        for (String plot : List.of("losses", "rates", "lost", "rings")) {
            assertTrue(html.contains("id=\"" + plot + "\" role=\"img\""), plot);
        }
    }

    @Test
    void hasNoPlotOfLossesWhenThereAreNone() throws IOException {
        String html = html(Runs.of(Runs.snapshot(Runs.ledger(Runs.FLOW, 1_000, Map.of()))));

        assertFalse(html.contains("id=\"losses\""));
        assertTrue(html.contains("Where the packets of each flow went"));
    }

    private static String html(Run run) throws IOException {
        return new String(ReceptionPage.of(run).bytes(), StandardCharsets.UTF_8);
    }
}
