// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Addresses as numbers; a name is not looked up, for what it means may change. */
final class Literal {
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private Literal() {}

    /**
     * @param type IP4, IP6, or * for both
     * @throws IllegalArgumentException when it is no address of this type, without a number of line
     */
    static InetAddress parse(String text, String type) {
        try {
            InetAddress address = IPV4.matcher(text).matches() || IPV6.matcher(text).matches()
                    ? InetAddress.getByName(text)
                    : null;
            if (address instanceof Inet4Address && !type.equals("IP6")
                    || address instanceof Inet6Address && !type.equals("IP4")) {
                return address;
            }
        } catch (UnknownHostException e) {
            // said below: an IPv6 address with too many parts or too few
        }
        String family = type.equals("*") ? "IP" : "IPv" + type.charAt(2);
        throw new IllegalArgumentException("'" + text + "' is not an " + family + " address in numbers");
    }
}
