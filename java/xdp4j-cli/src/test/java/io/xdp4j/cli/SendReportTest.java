// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.packet.Flow;
import io.xdp4j.source.SourceCounters;
import io.xdp4j.source.SourceFlow;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendReportTest {
    private static SendReport report(Long refused) {
        Flow flow = Flow.parse("239.1.2.3:5004@192.0.2.7");
        return new SendReport("live-frames", "eth1", 390_000, 2.5, 0.25, refused, List.of(
                SendReport.FlowReport.of(
                        new SourceFlow(flow, 0xfedcba98, 65_000), new SourceCounters(1_000_000, 999_993, 10, 3, 2)),
                SendReport.FlowReport.of(new SourceFlow(flow, 1, 0), new SourceCounters(8, 7, 1, 0, 0))));
    }

    @Test
    void isThisJson() throws Exception {
        String expected =
                """
                {"engine": "live-frames", "interface": "eth1", "rate": 390000, "elapsedSeconds": 2.5, "slippedMs": 0.25,
                 "refused": 4, "flows": [
                  {"flow": "239.1.2.3:5004@192.0.2.7", "ssrc": "0xfedcba98", "firstSequence": 65000,
                   "positions": 1000000, "sent": 999993, "lost": 10, "duplicated": 3, "swapped": 2},
                  {"flow": "239.1.2.3:5004@192.0.2.7", "ssrc": "0x00000001", "firstSequence": 0,
                   "positions": 8, "sent": 7, "lost": 1, "duplicated": 0, "swapped": 0}]}
                """;
        ObjectMapper mapper = new ObjectMapper();
        assertEquals(mapper.readTree(expected), mapper.readTree(mapper.writeValueAsString(report(4L))));
    }

    @Test
    void saysWhatWasSentOfEachFlow() {
        List<String> lines = report(4L).lines();
        assertEquals(3, lines.size());
        assertTrue(
                lines.get(0).startsWith("sent 1,000,000 packets in 2.500 s by live-frames; refused by the device: 4"));
        assertTrue(lines.get(1).contains("0xfedcba98") && lines.get(1).contains("sent 999,993"), lines.get(1));
        assertTrue(lines.get(2).contains("sent 7"), lines.get(2));
    }

    @Test
    void saysWhenRefusalsAreNotKnown() {
        assertTrue(report(null).lines().get(0).contains("refused by the device: not known"));
    }
}
