// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The multicast groups of a {@code c=} line (RFC 8866 §5.7): {@code IN IP4 GROUP[/TTL[/COUNT]]}, {@code IN IP6
 * GROUP[/COUNT]}. The TTL is the sender's affair.
 */
final class Connection {
    private static final Pattern SYNTAX =
            Pattern.compile("IN\\s+(?:(IP4)\\s+([^/\\s]+)(?:/(\\d+)(?:/(\\d+))?)?|(IP6)\\s+([^/\\s]+)(?:/(\\d+))?)");
    private static final int HIGHEST_TTL = 255;
    private static final int MOST_GROUPS = 1_024;

    private Connection() {}

    /** In their order, at least one. */
    static List<InetAddress> groups(SdpLine line) {
        Matcher matcher = SYNTAX.matcher(line.value().strip());
        if (!matcher.matches()) {
            throw line.malformed("c=IN IP4 GROUP/TTL[/COUNT] or c=IN IP6 GROUP[/COUNT]");
        }
        boolean isIpv4 = matcher.group(1) != null;
        if (isIpv4 && !isWithin(matcher.group(3), 0, HIGHEST_TTL)) {
            throw line.refusal("TTL " + matcher.group(3) + " is not between 0 and " + HIGHEST_TTL);
        }
        String count = matcher.group(isIpv4 ? 4 : 7);
        if (!isWithin(count, 1, MOST_GROUPS)) {
            throw line.refusal(count + " groups are not between 1 and " + MOST_GROUPS);
        }
        InetAddress first;
        try {
            first = Literal.parse(matcher.group(isIpv4 ? 2 : 6), isIpv4 ? "IP4" : "IP6");
        } catch (IllegalArgumentException e) {
            throw line.refusal(e.getMessage());
        }
        if (!first.isMulticastAddress()) {
            throw line.refusal(first.getHostAddress() + " is unicast: what is received here is multicast, sent to"
                    + " 224.0.0.0 to 239.255.255.255, or ff00::/8");
        }
        return groups(line, first, count == null ? 1 : Integer.parseInt(count));
    }

    private static boolean isWithin(String number, int least, int most) {
        return number == null
                || number.length() < 6 && Integer.parseInt(number) >= least && Integer.parseInt(number) <= most;
    }

    private static List<InetAddress> groups(SdpLine line, InetAddress first, int count) {
        List<InetAddress> groups = new ArrayList<>();
        byte[] bytes = first.getAddress();
        for (int i = 0; i < count; i++) {
            InetAddress group = address(bytes);
            if (!group.isMulticastAddress()) {
                throw line.refusal("there are not " + count + " groups from " + first.getHostAddress() + " on");
            }
            groups.add(group);
            addOne(bytes);
        }
        return groups;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // as long as an address that there was
        }
    }

    private static void addOne(byte[] bytes) {
        for (int i = bytes.length - 1; i >= 0 && ++bytes[i] == 0; i--) {
            // carries
        }
    }
}
