// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import io.xdp4j.packet.Flow;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * Which groups the kernel itself is a member of: {@code /proc/net/igmp} and {@code igmp6}, and with which sources:
 * {@code /proc/net/mcfilter} and {@code mcfilter6}.
 */
public final class KernelMemberships {
    private KernelMemberships() {}

    /** Whether the interface is a member of the flow's group and, when the flow has a source, includes that source. */
    public static boolean has(String interfaceName, Flow flow) throws IOException {
        boolean member = flow.isIpv6() ? hasIpv6(interfaceName, flow) : hasIpv4(interfaceName, flow);
        return member && (flow.source().isEmpty() || includesSource(interfaceName, flow));
    }

    /** A line with the device's name, then a line for each group: its 32 bits as a number in the host's byte order. */
    private static boolean hasIpv4(String interfaceName, Flow flow) throws IOException {
        ByteBuffer address = ByteBuffer.wrap(flow.group().getAddress()).order(ByteOrder.nativeOrder());
        String group = String.format("%08X", address.getInt());
        String device = "";
        for (String line : lines("igmp")) {
            String[] fields = line.strip().split("\\s+");
            if (!line.startsWith("\t")) {
                device = fields[1];
            } else if (device.equals(interfaceName) && fields[0].equals(group)) {
                return true;
            }
        }
        return false;
    }

    /** index, device, group, users, flags, timer. */
    private static boolean hasIpv6(String interfaceName, Flow flow) throws IOException {
        return lines("igmp6").stream()
                .map(line -> line.strip().split("\\s+"))
                .anyMatch(fields -> fields[1].equals(interfaceName) && fields[2].equals(hex(flow.group())));
    }

    /** index, device, group, source, how many sockets include it, how many exclude it. */
    private static boolean includesSource(String interfaceName, Flow flow) throws IOException {
        String prefix = flow.isIpv6() ? "" : "0x";
        return lines(flow.isIpv6() ? "mcfilter6" : "mcfilter").stream()
                .map(line -> line.strip().split("\\s+"))
                .anyMatch(fields -> fields[1].equals(interfaceName)
                        && fields[2].equals(prefix + hex(flow.group()))
                        && fields[3].equals(prefix + hex(flow.source().orElseThrow()))
                        && Integer.parseInt(fields[4]) > 0);
    }

    private static String hex(InetAddress address) {
        return HexFormat.of().formatHex(address.getAddress());
    }

    private static List<String> lines(String table) throws IOException {
        return Files.readAllLines(Path.of("/proc/net", table));
    }
}
