// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A media of a session description: {@code m=TYPE PORT[/COUNT] TRANSPORT FORMAT...} and the lines behind it.
 *
 * @param type audio, video or another
 * @param port as it stands there, like the next
 * @param portCount null when it is not given
 * @param transport in capitals
 * @param formats as they stand there, at least one
 */
record Media(Section section, String type, String port, String portCount, String transport, List<String> formats) {
    /** RTP over UDP; SRTP has its headers in the clear, so that it can be counted as well. */
    private static final Set<String> RTP = Set.of("RTP/AVP", "RTP/AVPF", "RTP/SAVP", "RTP/SAVPF");

    private static final Pattern SYNTAX = Pattern.compile("(\\S+)\\s+(\\d+)(?:/(\\d+))?\\s+(\\S+)\\s+(\\S.*)");
    private static final int HIGHEST_PORT = 65_535;

    /** @throws IllegalArgumentException when its first line has not the form of an {@code m=} line */
    static Media of(Section section) {
        SdpLine line = section.lines().get(0);
        Matcher matcher = SYNTAX.matcher(line.value().strip());
        if (!matcher.matches()) {
            throw line.malformed("m=MEDIA PORT TRANSPORT FORMAT, for example m=audio 5004 RTP/AVP 97");
        }
        return new Media(
                section,
                matcher.group(1),
                matcher.group(2),
                matcher.group(3),
                matcher.group(4).toUpperCase(Locale.ROOT),
                SdpLine.words(matcher.group(5)));
    }

    /** Its {@code m=}. */
    SdpLine line() {
        return section.lines().get(0);
    }

    boolean isRtp() {
        return RTP.contains(transport);
    }

    /** By port 0 (RFC 8866 §5.14): some senders keep a media that they do not send in the description. */
    boolean isOff() {
        return port.chars().allMatch(digit -> digit == '0');
    }

    boolean isReceived() {
        return isRtp() && !isOff();
    }

    /** By {@code a=mid} (RFC 5888). */
    Optional<SdpLine> mid() {
        return section.attribute("mid");
    }

    /**
     * Where RTP goes: every second port, for those between are RTCP's (RFC 8866 §5.14).
     *
     * @throws IllegalArgumentException for one that is out of range or, without a word about RTCP, odd
     */
    List<Integer> rtpPorts() {
        int first = number(port);
        int count = portCount == null ? 1 : number(portCount);
        if (count == 0) {
            throw line().refusal("port " + port + "/" + portCount + ": give the number of sessions of RTP, from 1 on");
        }
        if (first + 2 * (count - 1) > HIGHEST_PORT) {
            throw line().refusal(count + " sessions of RTP from port " + first + " on go beyond " + HIGHEST_PORT);
        }
        if (first % 2 != 0 && section.attribute("rtcp").isEmpty() && section.attribute("rtcp-mux").isEmpty()) {
            throw line().refusal("port " + first + " is odd, and odd ports are RTCP's: if RTP is sent there, say where"
                    + " RTCP is by a line a=rtcp:" + (first + 1) + " below this one");
        }
        return IntStream.range(0, count).mapToObj(i -> first + 2 * i).toList();
    }

    private int number(String digits) {
        if (digits.length() > 5 || Integer.parseInt(digits) > HIGHEST_PORT) {
            throw line().refusal(digits + " is not between 1 and " + HIGHEST_PORT);
        }
        return Integer.parseInt(digits);
    }
}
