// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.BadInput;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One media, and what becomes of it when a line is another one. */
class SdpFileTest {
    private static final String SOUND =
            """
            v=0
            o=- 1 1 IN IP4 192.0.2.1
            s=Studio 1
            c=IN IP4 239.1.2.3/32
            t=0 0
            m=audio 5004 RTP/AVP 97
            a=rtpmap:97 L24/48000/2
            """;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("studio.sdp");
    }

    private DescribedFlows read(String text) throws IOException {
        Files.writeString(file, text);
        return new SdpFile(file).read();
    }

    private Announcement announced(String text) throws IOException {
        return read(text).flows().get(0).announcement();
    }

    private String refusal() {
        String refusal = assertThrows(BadInput.class, () -> new SdpFile(file).read()).getMessage();
        assertTrue(refusal.contains(file.toString()), refusal);
        assertEquals(1, refusal.lines().count(), refusal);
        return refusal.replace(file.toString(), "FILE");
    }

    private String refusal(String text) throws IOException {
        Files.writeString(file, text);
        return refusal();
    }

    private static String withLine(int number, String line) {
        List<String> lines = new ArrayList<>(SOUND.lines().toList());
        lines.set(number - 1, line);
        return String.join("\n", lines) + "\n";
    }

    private static String and(String... lines) {
        return SOUND + String.join("\n", lines) + "\n";
    }

    @Test
    void theJsonHasWhatTheDescriptionSays() throws IOException {
        assertEquals(
                "{\"session\":\"Studio 1\",\"media\":\"audio\",\"encoding\":\"L24\",\"payloadType\":97,"
                        + "\"clockRateHz\":48000,\"duplicateOf\":null}",
                new ObjectMapper().writeValueAsString(announced(SOUND)));
    }

    /** Tables 4 and 5 of RFC 3551 for static payload types; 127 is not described. */
    @ParameterizedTest
    @CsvSource({
        "96 97, 48000, , 96",
        "97 96, 48000, 48000, 97",
        "33, 90000, 90000, 33",
        "0, 90000, 8000, 0",
        "11 97, 48000, 44100, 11",
        "96, 90000, , 96",
    })
    void theClockOfThePreferredAndOfWhatIsNotDescribed(String formats, int otherHz, Integer preferredHz, int preferred)
            throws IOException {
        String text = withLine(6, "m=audio 5004 RTP/AVP " + formats);
        Announcement announced = announced(
                formats.contains("97") ? text : text.replace("a=rtpmap:97 L24/48000/2\n", ""));
        assertEquals(otherHz, announced.clocks().rateHz(127));
        assertEquals(preferred, announced.payloadType());
        assertEquals(preferredHz, announced.clockRateHz());
    }

    /** By RFC 3551 10 would be 44,100 Hz, and 0 is 8,000 Hz. */
    @ParameterizedTest
    @CsvSource({"97, 48000", "98, 8000", "10, 48000", "0, 8000", "99, 48000"})
    void eachPayloadTypeHasItsClock(int payloadType, int clockRateHz) throws IOException {
        DescribedFlows described = read(withLine(6, "m=audio 5004 RTP/AVP 10 97 98 0 99")
                + "a=rtpmap:98 telephone-event/8000\na=rtpmap:10 L16/48000/2\n");
        Announcement announced = described.flows().get(0).announcement();
        assertEquals(clockRateHz, announced.clocks().rateHz(payloadType));
        assertEquals(48_000, announced.clockRateHz(), "of payload type 10");
        assertEquals(List.of(), described.notes());
    }

    @Test
    void anExclusiveFilterIsSaidNotToApply() throws IOException {
        DescribedFlows described = read(and("a=source-filter: excl IN IP4 239.1.2.3 192.0.2.99"));
        assertEquals("239.1.2.3:5004", described.flows().get(0).flow().toString());
        assertEquals(
                List.of("line 8: excl is not applied: what comes from these sources is counted like the rest"),
                described.notes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"s=-", "s= ", "s=", "i=no name at all"})
    void aSessionNeedsNoName(String line) throws IOException {
        assertNull(announced(withLine(3, line)).session());
    }

    @Test
    void namesAreUtf8OrLatin1() throws IOException {
        String named = withLine(3, "s=Übertragung München");
        assertEquals("Übertragung München", announced(named).session());
        assertEquals("Übertragung München", announced("\uFEFF" + named).session());
        for (Charset charset : List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_8)) {
            Files.write(file, named.getBytes(charset));
            assertEquals(
                    "Übertragung München",
                    new SdpFile(file).read().flows().get(0).announcement().session());
        }
    }

    /** RFC 8866 §5: an attribute that is not known is ignored. */
    @Test
    void unknownAttributesAreIgnored() throws IOException {
        DescribedFlows described = read(and(
                "a=x-vendor", "a=x-vendor:1 2 3", "a=rtpmapping:98 nonsense", "a=rtcp-fb:97 nack", "a=", "b=X-YZ:1",
                "k=prompt"));
        assertEquals(1, described.flows().size());
        assertEquals(List.of(), described.notes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | v=1 | line 1: 'v=1' is not v=0, with which a session description begins",
                "1 | SDP: | line 1: 'SDP:' is not TYPE=VALUE, as each line of a session description",
                "1 | s=Studio | line 1: 's=Studio' is not v=0, with which a session description begins",
                "2 | hello | line 2: 'hello' is not TYPE=VALUE, as each line of a session description",
                "2 | x=1 | line 2: 'x=1': SDP has no lines of type x",
                "2 | O=- | line 2: 'O=-': SDP has no lines of type O",
                "2 | v=0 | line 2: a second v= line: put each session description into a file of its own",
                "4 | b=AS:1 | line 6: neither this media nor the session has a c= line, which says where it is sent:"
                        + " c=IN IP4 GROUP/TTL",
                "5 | c=IN IP4 239.1.2.4/32 | line 5: a second c= line of the session: give each media its own",
                "4 | c=IN IP4 192.0.2.9 | line 4: 192.0.2.9 is unicast: what is received here is multicast, sent to"
                        + " 224.0.0.0 to 239.255.255.255, or ff00::/8",
                "4 | c=IN IP6 2001:db8::1 | line 4: 2001:db8:0:0:0:0:0:1 is unicast: what is received here is"
                        + " multicast, sent to 224.0.0.0 to 239.255.255.255, or ff00::/8",
                "4 | c=IN IP4 cam.example.com/32 | line 4: 'cam.example.com' is not an IPv4 address in numbers",
                "4 | c=IN IP4 239.1.2.256/32 | line 4: '239.1.2.256' is not an IPv4 address in numbers",
                "4 | c=IN IP4 ff3e::1/32 | line 4: 'ff3e::1' is not an IPv4 address in numbers",
                "4 | c=IN IP6 239.1.2.3 | line 4: '239.1.2.3' is not an IPv6 address in numbers",
                "4 | c=IN IP6 ff3e:1 | line 4: 'ff3e:1' is not an IPv6 address in numbers",
                "4 | c=IN IP4 239.1.2.3/256 | line 4: TTL 256 is not between 0 and 255",
                "4 | c=IN IP4 239.1.2.3/1/0 | line 4: 0 groups are not between 1 and 1024",
                "4 | c=IN IP4 239.1.2.3/1/99999999999 | line 4: 99999999999 groups are not between 1 and 1024",
                "4 | c=IN IP4 239.255.255.250/1/7 | line 4: there are not 7 groups from 239.255.255.250 on",
                "4 | c=IN IP6 ff3e::1/1/2 | line 4: 'c=IN IP6 ff3e::1/1/2' is not c=IN IP4"
                        + " GROUP/TTL[/COUNT] or c=IN IP6 GROUP[/COUNT]",
                "4 | c=IN IP4 | line 4: 'c=IN IP4' is not c=IN IP4 GROUP/TTL[/COUNT] or"
                        + " c=IN IP6 GROUP[/COUNT]",
                "4 | c=ATM NSAP 47 | line 4: 'c=ATM NSAP 47' is not c=IN IP4 GROUP/TTL[/COUNT] or"
                        + " c=IN IP6 GROUP[/COUNT]",
                "6 | m=audio 5004 RTP/AVP | line 6: 'm=audio 5004 RTP/AVP' is not m=MEDIA PORT TRANSPORT FORMAT, for"
                        + " example m=audio 5004 RTP/AVP 97",
                "6 | m=audio x RTP/AVP 97 | line 6: 'm=audio x RTP/AVP 97' is not m=MEDIA PORT TRANSPORT FORMAT, for"
                        + " example m=audio 5004 RTP/AVP 97",
                "6 | m=audio 0 RTP/AVP 97 | line 6: port 0, by which a media is switched off, and no other is sent by"
                        + " RTP: give the port that it is sent to",
                "6 | m=audio 5005 RTP/AVP 97 | line 6: port 5005 is odd, and odd ports are RTCP's: if RTP is sent"
                        + " there, say where RTCP is by a line a=rtcp:5006 below this one",
                "6 | m=audio 65536 RTP/AVP 97 | line 6: 65536 is not between 1 and 65535",
                "6 | m=audio 99999999999 RTP/AVP 97 | line 6: 99999999999 is not between 1 and 65535",
                "6 | m=audio 65534/2 RTP/AVP 97 | line 6: 2 sessions of RTP from port 65534 on go beyond 65535",
                "6 | m=audio 5004/0 RTP/AVP 97 | line 6: port 5004/0: give the number of sessions of RTP, from 1 on",
                "6 | m=audio 5004 RTP/AVP 128 | line 6: '128' is not a payload type of RTP, 0 to 127",
                "6 | m=audio 5004 RTP/AVP L24 | line 6: 'L24' is not a payload type of RTP, 0 to 127",
                "6 | m=audio 5004 UDP/TLS/RTP/SAVP 97 | line 6: this media is not sent by RTP, and no other is: m=audio"
                        + " 5004 UDP/TLS/RTP/SAVP 97",
                "6 | m=audio 5004 RTP/AVP 96 | line 7: payload type 97 is not among those of line 6, m=audio 5004"
                        + " RTP/AVP 96",
                "7 | a=rtpmap:97 L24 | line 7: 'a=rtpmap:97 L24' is not a=rtpmap:PAYLOAD-TYPE ENCODING/CLOCK-RATE, for"
                        + " example a=rtpmap:97 L24/48000/2",
                "7 | a=rtpmap:97 L24/0 | line 7: 'a=rtpmap:97 L24/0' is not a=rtpmap:PAYLOAD-TYPE ENCODING/CLOCK-RATE,"
                        + " for example a=rtpmap:97 L24/48000/2",
                "7 | a=rtpmap:97 L24/99999999999 | line 7: 'a=rtpmap:97 L24/99999999999' is not a=rtpmap:PAYLOAD-TYPE"
                        + " ENCODING/CLOCK-RATE, for example a=rtpmap:97 L24/48000/2",
            })
    void aBadLineIsNamed(int number, String line, String refusal) throws IOException {
        assertEquals("FILE " + refusal, refusal(withLine(number, line)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=source-filter: incl IN IP4 239.1.2.4 192.0.2.1 | line 8: the source-filter is for 239.1.2.4, and the"
                        + " flows here go to 239.1.2.3",
                "a=source-filter: incl IN IP6 * 2001:db8::1 | line 8: the source-filter is for IPv6, and the flows here"
                        + " go to 239.1.2.3",
                "a=source-filter: incl IN IP4 239.1.2.3 2001:db8::1 | line 8: '2001:db8::1' is not an IPv4 address in"
                        + " numbers",
                "a=source-filter: incl IN * 239.1.2.3 2001:db8::1 | line 8: source 2001:db8:0:0:0:0:0:1 and group"
                        + " 239.1.2.3 are not of one family",
                "a=source-filter: incl IN IP4 239.1.2.3 cam.example.com | line 8: 'cam.example.com' is not an IPv4"
                        + " address in numbers",
                "a=source-filter: incl IN IP4 239.1.2.3 239.1.2.9 | line 8: source 239.1.2.9 is not the address of a"
                        + " sender",
                "a=source-filter: incl IN IP4 239.1.2.3192.0.2.1 | line 8: 'a=source-filter: incl IN IP4"
                        + " 239.1.2.3192.0.2.1' is not a=source-filter: incl IN IP4 GROUP SOURCE",
                "a=source-filter | line 8: 'a=source-filter' is not a=source-filter: incl IN IP4 GROUP SOURCE",
                "a=source-filter: incl IN IP4 239.1.2.3 192.0.2.1 192.0.2.1 | line 6: flow 239.1.2.3:5004@192.0.2.1 is"
                        + " that of line 6 already: the two cannot be told apart",
                "a=rtpmap:97 L16/48000/2 | line 8: payload type 97 is L24/48000 by an rtpmap before",
                "m=audio 5004 RTP/AVP 98 | line 8: flow 239.1.2.3:5004 is that of line 6 already: the two cannot be"
                        + " told apart",
            })
    void aLineThatContradictsOthersIsNamed(String line, String refusal) throws IOException {
        assertEquals("FILE " + refusal, refusal(and(line)));
    }

    /** The form of a line is shown, but not a long one in full. */
    @Test
    void aLongLineIsCutShort() throws IOException {
        assertEquals(
                "FILE line 2: '" + "x".repeat(60) + "...' is not TYPE=VALUE, as each line of a session description",
                refusal(withLine(2, "x".repeat(500))));
    }

    @Test
    void theSameRtpmapTwiceIsNoContradiction() throws IOException {
        assertEquals(48_000, announced(and("a=rtpmap:97 L24/48000/2")).clockRateHz());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=group:DUP 1 2 | a=mid:1 | a=mid:3 | line 5: no media is named 2, by a line a=mid:2",
                "a=group:DUP 1 2 | a=mid:1 | a=mid:1 | line 10: the media of line 6 has this mid already",
                "a=group:DUP 1 1 | a=mid:1 | a=mid:2 | line 5: the media 1 cannot be its own duplicate",
                "a=group:DUP 1 2 | a=mid:1 | a=mid | line 5: no media is named 2, by a line a=mid:2",
            })
    void aPairHasTwoMedia(String group, String first, String second, String refusal) throws IOException {
        String text = SOUND.replace("t=0 0", group) + first + "\nm=audio 5006 RTP/AVP 97\n" + second + "\n";
        assertEquals("FILE " + refusal, refusal(text));
    }

    @Test
    void aPairHasAsManyFlowsOnBothSides() throws IOException {
        String pair = SOUND.replace("t=0 0", "a=group:DUP b a") + "a=mid:a\nm=audio 5006/2 RTP/AVP 97\na=mid:b\n";
        assertEquals(
                "FILE line 5: the media of line 6 has 1 flows, and that of line 9, whose duplicate it is, has 2",
                refusal(pair));
        assertEquals(
                "239.1.2.3:5006",
                announced(pair.replace("5006/2", "5006")).duplicateOf(),
                "the group says which comes first");
    }

    /** It may be for a media that is left out; else it is for nothing. */
    @Test
    void aFilterOfTheSessionIsForAMediaOfIt() throws IOException {
        String filtered = SOUND.replace("t=0 0", "a=source-filter: incl IN IP4 239.9.9.9 192.0.2.1");
        assertEquals(
                "FILE line 5: the source-filter is for 239.9.9.9, and the flows here go to 239.1.2.3",
                refusal(filtered));
        assertEquals(1, read(filtered + "m=video 5008 udp 33\nc=IN IP4 239.9.9.9/1\n").flows().size());
    }

    /** RFC 8866 §5.14. Of three legs the second is the first that comes. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "0/2", "00"})
    void aMediaThatIsSwitchedOffIsLeftOut(String port) throws IOException {
        DescribedFlows described = read(SOUND.replace("t=0 0", "a=group:DUP a b c").replace("5004", port)
                + "a=mid:a\nm=audio 5006 RTP/AVP 97\na=mid:b\nm=audio 5008 RTP/AVP 97\na=mid:c\n");
        assertEquals(
                List.of("239.1.2.3:5006", "239.1.2.3:5008"),
                described.flows().stream().map(each -> each.flow().toString()).toList());
        assertNull(described.flows().get(0).announcement().duplicateOf());
        assertEquals("239.1.2.3:5006", described.flows().get(1).announcement().duplicateOf());
        assertEquals(
                List.of("line 6: this media is left out, for its port is 0, by which a media is switched off"),
                described.notes());
    }

    /** Its lines are of no use to anyone then, and a filter of the session may be for it. */
    @Test
    void ofAMediaThatIsSwitchedOffNothingIsAsked() throws IOException {
        DescribedFlows described =
                read(SOUND.replace("t=0 0", "a=source-filter: incl IN IP4 239.9.9.9 192.0.2.1")
                        + "m=video 0 RTP/AVP 0\nc=IN IP4 192.0.2.9\n");
        assertEquals(1, described.flows().size());
        assertEquals(
                "FILE line 7: port 0, by which a media is switched off, and no other is sent by RTP: give the port that"
                        + " it is sent to",
                refusal(withLine(6, "m=audio 5004 udp wb").replace("a=rtpmap:97 L24/48000/2", "m=video 0 RTP/AVP 96")));
    }

    @Test
    void portsAndGroupsMatch() throws IOException {
        String layers = SOUND.replace("m=audio 5004", "m=audio 5004/2");
        assertEquals(2, read(layers.replace("239.1.2.3/32", "239.1.2.3/32/2")).flows().size());
        assertEquals(
                "FILE line 6: 2 ports and 3 groups: there must be as many of both, or one of either",
                refusal(layers.replace("239.1.2.3/32", "239.1.2.3/32/3")));
    }

    @Test
    void flowsBeyondMeasureAreRefused() throws IOException {
        assertEquals(8_000, read(SOUND.replace("5004", "5004/8000")).flows().size());
        assertEquals(
                "FILE line 9: with this media there are more than 16384 flows",
                refusal(SOUND.replace("5004", "5004/8000")
                        + "m=audio 30000/1000 RTP/AVP 97\nm=audio 32000/8000 RTP/AVP 97\n"));
    }

    /** RFC 3605, RFC 5761. */
    @ParameterizedTest
    @ValueSource(strings = {"a=rtcp:5010", "a=rtcp:5010 IN IP4 239.1.2.3", "a=rtcp-mux"})
    void anOddPortIsRtpsWhenRtcpHasAnother(String line) throws IOException {
        assertEquals(
                "239.1.2.3:5005",
                read(and(line).replace("5004", "5005")).flows().get(0).flow().toString());
    }

    @Test
    void aDescriptionOfNothingIsRefused() throws IOException {
        assertEquals("FILE is empty: a session description begins with v=0", refusal(""));
        assertEquals("FILE is empty: a session description begins with v=0", refusal("\r\n\n"));
        assertEquals(
                "FILE has no m= line: it describes nothing that could be received",
                refusal(SOUND.substring(0, SOUND.indexOf("m="))));
    }

    @Test
    void whatIsNoTextIsRefused() throws IOException {
        assertEquals("--sdp FILE: there is no such file", refusal());
        Files.write(file, new byte[] {'v', '=', '0', '\n', 0, 1, 2});
        assertEquals("--sdp FILE is not text: name a session description, which begins with v=0", refusal());
        assertEquals(
                "--sdp FILE is not text: name a session description, which begins with v=0",
                refusal(withLine(3, "s=\u001b[2J")));
        Files.writeString(file, SOUND.repeat(10_000));
        assertEquals("--sdp FILE is too large to be a session description", refusal());
        Files.delete(file);
        Files.createDirectory(file);
        assertEquals("--sdp FILE is no regular file: name a session description", refusal());
    }
}
