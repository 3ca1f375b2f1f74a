// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.packet;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A multicast stream: the group and UDP port it is sent to and, source-specific, the address it is sent from. Two
 * sources on one group and port are two flows (RFC 4607).
 *
 * @param group a multicast address
 * @param port 1 to 65,535
 * @param source a unicast address of the group's family, or empty for any source
 */
public record Flow(InetAddress group, int port, Optional<InetAddress> source) {
    private static final Pattern SYNTAX =
            Pattern.compile("(?:\\[(?<v6>[^]]*)]|(?<v4>[^:@\\[\\]]*)):(?<port>[^:@]*)(?:@(?<source>.*))?");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /**
     * Checks that the three fit together; the message of the exception names what does not, and the remedy.
     *
     * @param group see {@link #group()}
     * @param port see {@link #port()}
     * @param source see {@link #source()}
     */
    public Flow {
        if (!group.isMulticastAddress()) {
            throw new IllegalArgumentException(group.getHostAddress()
                    + " is not a multicast group: use 224.0.0.0 to 239.255.255.255, or ff00::/8");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
        }
        if (source.isPresent()) {
            InetAddress address = source.get();
            if (address.isMulticastAddress() || address.isAnyLocalAddress()) {
                throw new IllegalArgumentException(
                        "source " + address.getHostAddress() + " is not the address of a sender");
            }
            if (address.getClass() != group.getClass()) {
                throw new IllegalArgumentException("source " + address.getHostAddress() + " and group "
                        + group.getHostAddress() + " are not of one family");
            }
        }
    }

    /**
     * Reads {@code GROUP:PORT} or {@code GROUP:PORT@SOURCE}; an IPv6 group stands in brackets. Names are not looked up.
     *
     * @param text for example {@code 239.1.2.3:5004}, {@code [ff3e::1]:5004@2001:db8::7}
     * @return the flow
     * @throws IllegalArgumentException whose message names the text and the remedy
     */
    public static Flow parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("flow '" + text
                    + "' is not GROUP:PORT or GROUP:PORT@SOURCE, for example 239.1.2.3:5004 or [ff3e::1]:5004");
        }
        try {
            String v6 = matcher.group("v6");
            InetAddress group = v6 != null ? address(v6, IPV6) : address(matcher.group("v4"), IPV4);
            String source = matcher.group("source");
            return new Flow(
                    group,
                    port(matcher.group("port")),
                    source == null
                            ? Optional.empty()
                            : Optional.of(address(source.replaceAll("^\\[(.*)]$", "$1"), v6 != null ? IPV6 : IPV4)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("flow '" + text + "': " + e.getMessage(), e);
        }
    }

    private static InetAddress address(String text, Pattern family) {
        if (family.matcher(text).matches()) {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException e) {
                // falls through: a literal with a number out of range
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not an " + (family == IPV4 ? "IPv4" : "IPv6") + " address");
    }

    private static int port(String text) {
        if (!text.matches("\\d{1,5}")) {
            throw new IllegalArgumentException("port '" + text + "' is not between 1 and 65535");
        }
        return Integer.parseInt(text);
    }

    /** {@return whether the group is an IPv6 one} */
    public boolean isIpv6() {
        return group instanceof Inet6Address;
    }

    /**
     * {@return the address as 16 bytes; an IPv4 address as {@code ::ffff:a.b.c.d} (RFC 4291 §2.5.5.2)}
     *
     * @param address of either family
     */
    public static byte[] mapped(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (!(address instanceof Inet4Address)) {
            return bytes;
        }
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(bytes, 0, mapped, 12, 4);
        return mapped;
    }

    /** As {@link #parse(String)} reads it. */
    @Override
    public String toString() {
        String address = group.getHostAddress();
        return (isIpv6() ? "[" + address + "]" : address)
                + ":"
                + port
                + source.map(s -> "@" + s.getHostAddress()).orElse("");
    }
}
