// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.sdp.SdpFile;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpFlow;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of flows that a session description names. */
class SdpTextTest {
    private static final Flow PLAIN = Flow.parse("239.9.9.9:9000");

    private final StringWriter written = new StringWriter();
    private final ReceiveText text = new ReceiveText(new PrintWriter(written));

    @TempDir
    private Path folder;

    /** @param media how many */
    private ReceiveSettings settings(int media) throws IOException {
        StringBuilder sdp = new StringBuilder("v=0\ns=Studio 1\nc=IN IP4 239.1.2.3/1\n");
        for (int i = 0; i < media; i++) {
            sdp.append("m=audio ").append(5_004 + 2 * i).append(" RTP/AVP 97\na=rtpmap:97 L24/48000/2\n");
        }
        Path file = Files.writeString(folder.resolve("studio.sdp"), sdp);
        WantedFlows wanted =
                new FlowList(List.of(PLAIN), Optional.empty(), List.of(new SdpFile(file))).read();
        return ReceiveReports.settings(Backend.RECVMMSG, 64, snapshot(wanted.flows())).with(wanted);
    }

    private static LedgerSnapshot snapshot(List<Flow> flows) {
        List<FlowLedger> ledgers = new ArrayList<>();
        flows.forEach(flow -> ledgers.add(new FlowLedger(flow, 0, 0, 0, Map.of(), 0)));
        return new LedgerSnapshot(ledgers, List.of(), List.of(), List.of());
    }

    @Test
    void theFirstWordsSayWhatEachFlowIs() throws IOException {
        text.receiving(settings(1), "a receive buffer");
        assertEquals(
                """
                receiving 239.9.9.9:9000, 239.1.2.3:5004 on rx0: recvmmsg, a receive buffer, idle sleep:2ms
                  239.1.2.3:5004 is Studio 1: audio L24/48000, payload type 97
                """,
                written.toString());
    }

    @Test
    void manyFlowsAreNotNamed() throws IOException {
        text.receiving(settings(8), "a receive buffer");
        assertEquals(
                "receiving 9 flows on rx0: recvmmsg, a receive buffer, idle sleep:2ms\n", written.toString());
    }

    /** One packet of payload type 97 (RFC 3550 §5.1), and none of the other flow. */
    @Test
    void theReportHasWhatWasSaidAndWhatCame() throws IOException {
        ReceiveSettings settings = settings(1);
        RtpFlow rtp = new RtpFlow(settings.wanted().clocks(settings.flows().get(1)), null);
        ByteBuffer packet = ByteBuffer.allocateDirect(12);
        packet.putShort(0, (short) 0x8061);
        rtp.onPacket(packet, 0, 12, 1);

        JsonNode plain = json(settings, 0, new RtpFlow());
        assertFalse(plain.has("sdp"), plain.toString());
        assertTrue(plain.required("payloadType").isNull(), plain.toString());
        assertTrue(plain.required("clockRateHz").isNull(), plain.toString());
        JsonNode studio = json(settings, 1, rtp);
        assertEquals("Studio 1", studio.at("/sdp/session").asText());
        assertEquals(97, studio.required("payloadType").asInt());
        assertEquals(48_000, studio.required("clockRateHz").asInt());
    }

    private static JsonNode json(ReceiveSettings settings, int flow, RtpFlow rtp) {
        FlowLedger ledger = snapshot(settings.flows()).flows().get(flow);
        return new ObjectMapper()
                .valueToTree(ReceiveReport.FlowReport.of(
                        ledger, List.of(), settings, rtp.snapshot(), false, new Histogram(2), null));
    }
}
