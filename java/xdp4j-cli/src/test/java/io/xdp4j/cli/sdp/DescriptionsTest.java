// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read from descriptions in the forms that RFCs, standards and devices have. */
class DescriptionsTest {
    private static final String CAMERA = "Camera 3: video raw/90000, payload type 112";
    private static final String GATEWAY = "SDI gateway: video SMPTE2022-6/27000000, payload type 98";
    private static final String TWO_PLACES = "Transport stream from two places: video MP2T/90000, payload type 100";
    private static final String PLAYOUT = "Playout 1: [Event: 13] [Group: smpte_2110]: ";
    private static final String LAYERED = "Layered: video/90000, payload type 31";

    static Stream<Arguments> descriptions() {
        return Stream.of(
                // The session's connection, and a media's own in its place.
                description(
                        "conference",
                        "233.252.0.1:49170 Friday seminar: audio/8000, payload type 0",
                        "233.252.0.17:51372 Friday seminar: video h263-1998/90000, payload type 99",
                        "line 20: this media is left out, for its transport is UDP, not RTP"),
                // As many groups as ports belong together; else all of one go with the other.
                description(
                        "layers",
                        "233.252.0.1:49170 " + LAYERED,
                        "233.252.0.2:49172 " + LAYERED,
                        "[ff3e:0:0:0:0:db8:0:101]:49200 " + LAYERED,
                        "[ff3e:0:0:0:0:db8:0:102]:49200 " + LAYERED,
                        "[ff3e:0:0:0:0:db8:0:103]:49200 " + LAYERED,
                        "[ff3e:0:0:0:0:db8:0:201]:49300 " + LAYERED,
                        "[ff3e:0:0:0:0:db8:0:302]:49302 " + LAYERED,
                        "233.252.0.9:49400 " + LAYERED,
                        "233.252.0.9:49402 " + LAYERED,
                        "233.252.0.9:49404 " + LAYERED),
                description(
                        "st2110-20-pair",
                        "239.100.9.10:50000@192.168.100.2 " + CAMERA,
                        "239.101.9.10:50020@192.168.101.2 " + CAMERA
                                + ", duplicate of 239.100.9.10:50000@192.168.100.2"),
                description(
                        "st2110-essences",
                        "239.20.1.1:20000@10.20.1.198 " + PLAYOUT + "video raw/90000, payload type 96",
                        "239.20.1.2:20010@10.20.1.198 " + PLAYOUT + "audio L24/48000, payload type 97",
                        "239.20.1.3:20020@10.20.1.198 " + PLAYOUT + "video smpte291/90000, payload type 100"),
                description(
                        "jpegxs", "232.40.12.1:5000@172.16.40.12 Contribution JXS: video jxsv/90000, payload type 112"),
                // One group and port, from two sources.
                description(
                        "st2022-6-pair",
                        "239.0.4.1:40000@192.168.0.1 " + GATEWAY,
                        "239.0.4.1:40000@192.168.0.2 " + GATEWAY + ", duplicate of 239.0.4.1:40000@192.168.0.1"),
                description(
                        "aes67-dante",
                        "239.69.205.203:5004 Stage-box-14e622 : 32: audio L24/48000, payload type 97"),
                description(
                        "aes67-ravenna",
                        "239.1.15.52:5004@192.168.15.52 Monitor_610120_13: audio L16/44100, payload type 98"),
                description("livewire", "239.30.22.1:5004 Stream1: audio L24/48000, payload type 96"),
                description(
                        "two-sources",
                        "233.252.0.1:30000@198.51.100.1 " + TWO_PLACES,
                        "233.252.0.1:30000@198.51.100.2 " + TWO_PLACES
                                + ", duplicate of 233.252.0.1:30000@198.51.100.1"),
                description(
                        "delayed-duplicate",
                        "233.252.0.1:30000@198.51.100.1 Delayed duplication: video MP2T/90000, payload type 100",
                        "233.252.0.1:40000@198.51.100.1 Delayed duplication: video MP2T/90000, payload type 101,"
                                + " duplicate of 233.252.0.1:30000@198.51.100.1"),
                // By the session's filter for one group; by that for all IPv6 groups, with two sources; by the media's
                // own in place of the session's; by none.
                description(
                        "session-filters",
                        "232.3.4.5:5004@192.0.2.10 Filters: audio L16/32000, payload type 96",
                        "[ff3e:0:0:0:0:0:8232:232]:5006@2001:db8:0:0:0:0:0:7 Filters: audio L24/96000, payload type 96",
                        "[ff3e:0:0:0:0:0:8232:232]:5006@2001:db8:0:0:0:0:0:8 Filters: audio L24/96000, payload type 96",
                        "232.3.4.5:5008@192.0.2.11 Filters: audio L24/96000, payload type 96",
                        "232.3.4.6:5010 Filters: audio L24/96000, payload type 96"),
                description("iptv", "239.1.2.3:5004 No Name: video/90000, payload type 33"),
                description(
                        "vlc",
                        "239.35.10.4:10002 Das Erste HD: video MP2T/90000, payload type 33",
                        "line 11: this media is left out, for its transport is UDP, not RTP"),
                description(
                        "srtp",
                        "233.252.0.30:49170 Encrypted: audio opus/48000, payload type 96",
                        "233.252.0.30:49172 Encrypted: video H264/90000, payload type 97",
                        "line 12: this media is left out, for its transport is TCP/RTP/AVP, not RTP"),
                description(
                        "am824-odd-port",
                        "239.9.8.1:20001@10.9.8.236 AES3 transparent: audio AM824/48000, payload type 97"));
    }

    private static Arguments description(String name, String... found) {
        return Arguments.of(name, List.of(found));
    }

    @ParameterizedTest
    @MethodSource("descriptions")
    void isReadWhateverEndsItsLines(String name, List<String> found) throws IOException {
        String text = text(name);
        assertEquals(found, words(text));
        assertEquals(found, words(text.replace("\n", "\r\n")));
        assertEquals(found, words(text.stripTrailing()));
        assertEquals(found, words(text.replace("\n", " \n") + "\n\n"));
    }

    private static String text(String name) throws IOException {
        try (InputStream description = DescriptionsTest.class.getResourceAsStream(name + ".sdp")) {
            return new String(description.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> words(String text) {
        DescribedFlows described = DescribedFlows.of(SessionDescription.parse(text));
        List<String> words = new ArrayList<>();
        described.flows().forEach(each -> words.add(each.flow() + " " + each.announcement().words()));
        words.addAll(described.notes());
        return words;
    }
}
