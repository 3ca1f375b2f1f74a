// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.record.RecordReport;
import io.xdp4j.ledger.Advice;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said of a ledger: live, in the summary, and in the JSON. */
class ReceiveTextTest {
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");
    private static final FlowLedger LEDGER = new FlowLedger(
            FLOW, 2_340_000, 2_292_819, 0, Map.of(Cause.FILL_RING_EMPTY, 47_000L, Cause.UPSTREAM, 181L), 0);
    private static final LedgerSnapshot SNAPSHOT = new LedgerSnapshot(
            List.of(LEDGER),
            List.of(
                    new Advice(
                            FLOW, Cause.UPSTREAM, 181, "It never came.", "Look at the network.", Advice.Settings.NONE),
                    new Advice(
                            FLOW,
                            Cause.FILL_RING_EMPTY,
                            47_000,
                            "The ring was short.",
                            "A longer one.",
                            new Advice.Settings(32_768, 32_768, null, null, null, false, false))),
            List.of(),
            List.of("drops of the driver: it has no counters"));

    private final StringWriter written = new StringWriter();
    private final ReceiveText text = new ReceiveText(new PrintWriter(written));

    @Test
    void aSecondIsALineThatNamesTheCauses() {
        text.sampled(Samples.silent(SNAPSHOT));

        assertEquals(
                "239.1.2.3:5004               0 pps      0.0 Mbit/s   lost 47,181 (fill ring empty 47,000, upstream"
                        + " 181)\n",
                written.toString());
        assertTrue(written.toString().length() <= 121, written.toString());
    }

    @Test
    void quietSaysAllButTheSeconds() {
        ReceiveText quiet = new ReceiveText(new PrintWriter(written), true);
        quiet.receiving(ReceiveReports.settings(Backend.XDP, 64, SNAPSHOT), "native XDP");
        quiet.sampled(Samples.silent(SNAPSHOT));
        quiet.changed(new FlowChange(List.of(FLOW), List.of(), List.of()));
        quiet.warning("interface rx0 is down");

        assertEquals(
                """
                receiving 239.1.2.3:5004 on rx0: xdp, native XDP, idle sleep:2ms
                flows: 1 added, 0 removed
                  added   239.1.2.3:5004
                warning: interface rx0 is down
                """,
                written.toString());
    }

    @Test
    void theSummaryHasEachCauseWithItsRemedy() {
        text.summary(ReceiveReports.xdp(2_048, 9.8, SNAPSHOT).report());

        String summary = written.toString();
        assertTrue(
                summary.contains(
                        """
                          on the wire 2,340,000   delivered 2,292,819   lost 47,181   unexplained 0
                            upstream                    181   0.0077 %
                              It never came.
                              Look at the network.
                            fill ring empty          47,000   2.0 %
                              The ring was short.
                              A longer one.
                              Options: --fill-ring 32768 --rx-ring 32768
                        """),
                summary);
        assertTrue(summary.contains("limit: drops of the driver: it has no counters\n"), summary);
        assertTrue(summary.contains("receiver  away for 9.8 ms at the longest\n"), summary);
        assertFalse(summary.contains("warning"), summary);
    }

    private String summaryWith(RecordReport record) {
        text.summary(ReceiveReports.xdp(2_048, 9.8, SNAPSHOT).report().with(record));
        return written.toString();
    }

    @Test
    void whatWasRecorded() {
        assertTrue(summaryWith(new RecordReport("a.pcapng", 9_894, 2_453_928, 0, null, null, null))
                .endsWith("recorded  9,894 packets, 2,453,928 bytes, in a.pcapng\n"));
    }

    @Test
    void whatWasRecordedAndWhatWasNot() {
        String summary = summaryWith(new RecordReport("a.pcapng", 160, 40_740, 12, 9_733L, 8L, null));
        assertTrue(
                summary.endsWith(
                        """
                        recorded  160 packets, 40,740 bytes, in a.pcapng
                                  around 8 gaps; 9,733 packets were not near one
                        warning: 12 packets were received and not recorded: the file could not be written as fast
                        """),
                summary);
    }

    @Test
    void whyTheRecordingStopped() {
        String summary = summaryWith(new RecordReport("a.pcapng", 1, 300, 5, null, null, "No space left on device"));
        assertTrue(
                summary.endsWith("warning: 5 packets were received and not recorded: No space left on device\n"),
                summary);
    }

    @Test
    void optionsThatWereGivenAreNotNamed() {
        text.summary(ReceiveReports.xdp(32_768, 9.8, SNAPSHOT).report());

        assertTrue(written.toString().contains("      A longer one.\n  RTP:"), written.toString());
    }

    @Test
    void theJsonHasLedgerAdviceAndLimits() {
        JsonNode json = new ObjectMapper().valueToTree(ReceiveReports.xdp(2_048, 9.8, SNAPSHOT).report());

        JsonNode flow = json.required("flows").required(0);
        JsonNode ledger = flow.required("ledger");
        assertEquals(2_340_000, ledger.required("wire").asLong());
        assertEquals(2_292_819, ledger.required("delivered").asLong());
        assertEquals(0, ledger.required("waiting").asLong());
        assertEquals("{\"UPSTREAM\":181,\"FILL_RING_EMPTY\":47000}", ledger.required("causes").toString());
        assertEquals(0, ledger.required("unexplained").asLong());
        assertEquals(
                "{\"cause\":\"FILL_RING_EMPTY\",\"packets\":47000,\"finding\":\"The ring was short.\","
                        + "\"change\":\"A longer one.\","
                        + "\"options\":[\"--fill-ring\",\"32768\",\"--rx-ring\",\"32768\"]}",
                flow.required("advice").required(1).toString());
        assertEquals("[\"drops of the driver: it has no counters\"]", json.required("limits").toString());
        assertEquals(9.8, json.required("longestAbsenceMs").asDouble());
    }
}
