// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.xdp4j.cli.AudioStream;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.PinnedSender;
import io.xdp4j.cli.WireTap;
import io.xdp4j.packet.Flow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code receive --sdp}. */
@Tag("integration")
@Timeout(120)
class SdpReceiveIT {
    private static final String TONE = "239.1.2.3:5004";
    private static final String FIRST = "232.1.2.3:5004@" + Cable.TX_IPV4;
    private static final String SECOND = "232.1.2.4:5006@" + Cable.TX_IPV4;

    @TempDir
    private Path folder;

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(1);

    /**
     * The stream is ffmpeg's, and tshark counts what is sent. So is the description, but for a payload type that it
     * prefers and nobody sends.
     */
    @ParameterizedTest
    @ValueSource(strings = {"--workers threads", "--workers processes", "--backend recvmmsg"})
    void aStreamOfFfmpegByItsOwnDescription(String options) throws Exception {
        Path sdp = folder.resolve("tone.sdp");
        AudioStream tone = new AudioStream("239.1.2.3", 5004);
        tone.describe(sdp);
        String own = Files.readString(sdp);
        assertTrue(own.contains("L24/48000/2"), own);
        Files.writeString(sdp, own.strip().replace("RTP/AVP 97", "RTP/AVP 98 97") + "\na=rtpmap:98 L16/44100/2\n");
        String[] words = options.split(" ");
        try (WireTap tap = WireTap.start(folder.resolve("sent.pcap"), "udp dst port 5004");
                Receive receive = Receive.ready("--sdp", sdp.toString(), words[0], words[1])) {
            receive.awaitSaid(TONE + " is No Name: audio L16/44100, payload type 98");
            if (words[1].equals("processes")) { // also the second worker is told the clocks
                Cable.run("kill", "-KILL", Long.toString(receive.worker(0)));
                receive.awaitSaid("queue 0 has a worker again");
            }
            tone.send("1");
            long sent = tap.packets();
            JsonNode report = receive.terminated();

            assertTrue(sent > 100, sent + " packets for a second of sound");
            Receive.assertWhole(sent, report, TONE);
            JsonNode flow = Receive.flow(report, TONE);
            assertEquals(sent, flow.get("received").asLong());
            assertEquals(0, flow.get("lost").asLong());
            assertEquals(0, flow.get("nonRtp").asLong(), "RTCP goes to another port");
            assertEquals(48_000, flow.get("clockRateHz").asInt());
            assertEquals(97, flow.get("payloadType").asInt());
            assertEquals(
                    "{\"session\":\"No Name\",\"media\":\"audio\",\"encoding\":\"L16\",\"payloadType\":98,"
                            + "\"clockRateHz\":44100,\"duplicateOf\":null}",
                    flow.get("sdp").toString());
        }
    }

    private Path pair(String name, String clock) throws Exception {
        String media = "m=video %d RTP/AVP 96\nc=IN IP4 %s/32\na=source-filter: incl IN IP4 %2$s " + Cable.TX_IPV4
                + "\na=rtpmap:96 raw/%s\na=mid:%s\n";
        return Files.writeString(
                folder.resolve("pair.sdp"),
                "v=0\no=- 1 1 IN IP4 " + Cable.TX_IPV4 + "\ns=" + name + "\nt=0 0\na=group:DUP 1 2\n"
                        + String.format(media, 5004, "232.1.2.3", "90000", "1")
                        + String.format(media, 5006, "232.1.2.4", clock, "2")
                        + "m=application 5010 udp wb\nc=IN IP4 232.1.2.9/32\n");
    }

    /** RFC 7104: two flows, each with its own account. One whose description changes is removed and comes anew. */
    @Test
    void aPairAndAFlowBesideIt() throws Exception {
        Path sdp = pair("Camera 3", "90000");
        try (Receive receive = Receive.ready("--sdp", sdp.toString(), "--flow", TONE);
                PinnedSender sender = PinnedSender.start(
                        0, 9_000, Flow.parse(FIRST), Flow.parse(SECOND), Flow.parse(TONE))) {
            receive.awaitSaid(SECOND + " is Camera 3: video raw/90000, payload type 96, duplicate of " + FIRST);
            receive.awaitSaid(sdp + " line 16: this media is left out, for its transport is UDP, not RTP");
            sender.awaitMore(3_000);
            pair("Camera 3", "27000000");
            receive.program.signal("HUP");
            receive.awaitSaid("flows: 1 added, 1 removed added " + SECOND + " removed " + SECOND);
            sender.awaitMore(3_000);
            List<Long> sent = sender.stop();
            JsonNode report = receive.terminated();

            Receive.assertWhole(sent.get(0), report, FIRST);
            Receive.assertWhole(sent.get(2), report, TONE);
            assertTrue(Receive.flow(report, FIRST).at("/sdp/duplicateOf").isNull(), report.toString());
            JsonNode second = Receive.flow(report, SECOND);
            assertEquals(FIRST, second.at("/sdp/duplicateOf").asText());
            assertEquals(27_000_000, second.get("clockRateHz").asInt());
            assertEquals(90_000, Receive.flow(report, FIRST).get("clockRateHz").asInt());
            assertFalse(Receive.flow(report, TONE).has("sdp"), report.toString());
            assertEquals(SECOND, report.at("/removed/0/flow").asText());
        }
        Cable.holdsNothing("232.1.2.3", "232.1.2.4", "239.1.2.3");
    }

    @Test
    void whatCannotBeReadLeavesTheFlows() throws Exception {
        Path sdp = pair("Camera 3", "90000");
        try (Receive receive = Receive.ready("--sdp", sdp.toString())) {
            Files.writeString(sdp, "v=0\ns=Camera 3\nm=video 0 RTP/AVP 96\nc=IN IP4 232.1.2.3\n");
            receive.program.signal("HUP");
            receive.awaitSaid("warning: the flows stay as they are: " + sdp + " line 3: port 0");
            assertEquals(2, receive.terminated().get("flows").size());
        }
    }

    @Test
    void aFirstDescriptionThatCannotBeReadIsRefused() throws Exception {
        Path sdp = pair("Camera 3", "90000");
        assertTrue(Receive.refused("--sdp", sdp.toString(), "--flow", SECOND)
                .startsWith("xdp4j: " + sdp + " line 11: flow " + SECOND + " is named by --flow already"));
        assertTrue(Receive.refused("--sdp", sdp.toString(), "--sdp", sdp.toString())
                .startsWith("xdp4j: " + sdp + " line 6: flow " + FIRST + " is named by " + sdp + " line 6 already"));
        assertTrue(Receive.refused("--sdp", folder.toString()).startsWith("xdp4j: --sdp " + folder));
        Cable.holdsNothing("232.1.2.3", "232.1.2.4");
    }
}
