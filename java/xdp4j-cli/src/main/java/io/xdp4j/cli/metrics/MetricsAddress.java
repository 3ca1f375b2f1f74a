// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.metrics;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where metrics are served.
 *
 * @param port 0 for any that is free
 */
public record MetricsAddress(InetAddress address, int port) {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int HIGHEST_PORT = 65_535;
    private static final Pattern SYNTAX =
            Pattern.compile("(?:(?:\\[(?<v6>[^]]*)]|(?<v4>[^:\\[\\]]*)):)?(?<port>[^:\\[\\]]*)");
    private static final Pattern BYTE = Pattern.compile("25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d");
    private static final Pattern IPV4 = Pattern.compile("(?:(?:" + BYTE + ")\\.){3}(?:" + BYTE + ")");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /** {@code [ADDRESS:]PORT}; an IPv6 address stands in brackets. Names are not looked up. */
    public static final class Converter implements ITypeConverter<MetricsAddress> {
        @Override
        public MetricsAddress convert(String text) {
            Matcher matcher = SYNTAX.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is not PORT or ADDRESS:PORT, for example 9400, 0.0.0.0:9400 or [::1]:9400");
            }
            String v6 = matcher.group("v6");
            String v4 = matcher.group("v4");
            int port = port(matcher.group("port"));
            return new MetricsAddress(
                    v6 != null ? address(v6, IPV6) : address(v4 == null ? LOOPBACK : v4, IPV4), port);
        }

        private static int port(String text) {
            if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > HIGHEST_PORT) {
                throw new TypeConversionException(
                        "port '" + text + "' is not between 0 and " + HIGHEST_PORT + ": use for example 9400");
            }
            return Integer.parseInt(text);
        }

        private static InetAddress address(String text, Pattern family) {
            if (family.matcher(text).matches()) {
                try {
                    return InetAddress.getByName(text);
                } catch (UnknownHostException e) {
                    // falls through: no IPv6 address, though it has nothing else in it
                }
            }
            throw new TypeConversionException("'" + text + "' is not an " + (family == IPV4 ? "IPv4" : "IPv6")
                    + " address, and names are not looked up: use for example "
                    + (family == IPV4 ? "127.0.0.1:9400" : "[::1]:9400"));
        }
    }

    MetricsAddress withPort(int other) {
        return new MetricsAddress(address, other);
    }

    /** As the converter reads it. */
    @Override
    public String toString() {
        String text = address.getHostAddress();
        return (address instanceof Inet6Address ? "[" + text + "]" : text) + ":" + port;
    }
}
