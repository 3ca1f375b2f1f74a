// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.sdp.SdpFile;
import io.xdp4j.packet.Flow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flows of several origins. */
class FlowListTest {
    private static final Flow STUDIO = Flow.parse("239.1.2.3:5004");
    private static final Flow CAMERA = Flow.parse("239.1.2.4:5004");
    private static final Flow OTHER = Flow.parse("239.1.2.5:5004");

    @TempDir
    private Path folder;

    private Path studio;
    private Path camera;
    private Path flows;

    @BeforeEach
    void describe() throws IOException {
        studio = described("studio.sdp", "Studio", "239.1.2.3", "L24/48000/2");
        camera = described("camera.sdp", "Camera", "239.1.2.4", "raw/90000");
        flows = Files.writeString(folder.resolve("flows.txt"), OTHER + "\n");
    }

    private Path described(String file, String name, String group, String encoding) throws IOException {
        return Files.writeString(
                folder.resolve(file),
                "v=0\ns=" + name + "\nc=IN IP4 " + group + "/1\nm=audio 5004 RTP/AVP 97\na=rtpmap:97 " + encoding
                        + "\nm=audio 5006 udp 97\n");
    }

    private WantedFlows read(List<Flow> given, Path flowFile, Path... sdpFiles) {
        return new FlowList(
                        given,
                        Optional.ofNullable(flowFile).map(FlowFile::new),
                        Arrays.stream(sdpFiles).map(SdpFile::new).toList())
                .read();
    }

    @Test
    void theyAreReceivedTogether() {
        WantedFlows wanted = read(List.of(OTHER), null, studio, camera);
        assertEquals(List.of(OTHER, STUDIO, CAMERA), wanted.flows());
        assertEquals(48_000, wanted.clocks(STUDIO).rateHz(97));
        assertEquals(90_000, wanted.clocks(CAMERA).rateHz(96));
        assertEquals(90_000, wanted.clocks(OTHER).rateHz(96));
        assertEquals(Optional.empty(), wanted.announcement(OTHER));
        assertEquals("Studio", wanted.announcement(STUDIO).orElseThrow().session());
        assertEquals(
                List.of(
                        studio + " line 6: this media is left out, for its transport is UDP, not RTP",
                        camera + " line 6: this media is left out, for its transport is UDP, not RTP"),
                wanted.notes());
        assertEquals(List.of(OTHER, CAMERA), read(List.of(), flows, camera).flows());
    }

    @Test
    void aFlowHasOneOrigin() throws IOException {
        assertRefused(
                studio + " line 4: flow " + STUDIO + " is named by --flow already: name each flow once",
                List.of(STUDIO), null, studio);
        assertRefused(
                studio + " line 4: flow " + STUDIO + " is named by " + studio + " line 4 already: name each flow once",
                List.of(), null, studio, camera, studio);
        Files.writeString(flows, CAMERA + "\n");
        assertRefused(
                camera + " line 4: flow " + CAMERA + " is named by " + flows + " already: name each flow once",
                List.of(), flows, camera);
    }

    private void assertRefused(String refusal, List<Flow> given, Path flowFile, Path... sdpFiles) {
        assertEquals(
                refusal, assertThrows(BadInput.class, () -> read(given, flowFile, sdpFiles)).getMessage());
    }

    @Test
    void whatIsSaidOfAFlowKeepsItOrNot() throws IOException {
        WantedFlows before = read(List.of(OTHER), null, studio, camera);
        described("studio.sdp", "Studio", "239.1.2.3", "L24/96000/2");
        WantedFlows after = read(List.of(OTHER), null, studio, camera);
        assertEquals(false, after.keeps(STUDIO, before));
        assertEquals(true, after.keeps(CAMERA, before));
        assertEquals(true, after.keeps(OTHER, before));
        assertEquals(false, read(List.of(), null, camera).keeps(OTHER, before));
        assertEquals(false, read(List.of(CAMERA), null, studio).keeps(CAMERA, before), "no description any more");
    }
}
