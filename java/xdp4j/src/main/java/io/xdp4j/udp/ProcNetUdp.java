// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.udp;

import io.xdp4j.packet.Flow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /proc/net/udp} and {@code /proc/net/udp6}: where the kernel shows the drop counter of a socket whose
 * descriptor, and with it SO_MEMINFO, Java does not give away. A socket is known by its inode.
 *
 * <pre>
 *   sl  local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode ref pointer drops
 * </pre>
 */
final class ProcNetUdp {
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");
    private static final int LOCAL_ADDRESS = 1;
    private static final int INODE = 9;
    private static final int DROPS = 12;

    private ProcNetUdp() {}

    /** The UDP sockets of this process that are bound to the flow's group and port; none where there is no /proc. */
    static Set<Long> inodes(Flow flow) throws IOException {
        Set<Long> inodes = new HashSet<>();
        if (Files.isReadable(table(flow))) {
            String local = localAddress(flow);
            Set<Long> ours = openSockets();
            for (String row : Files.readAllLines(table(flow))) {
                String[] fields = fields(row);
                if (fields.length > DROPS && fields[LOCAL_ADDRESS].equals(local)) {
                    inodes.add(Long.parseLong(fields[INODE]));
                }
            }
            inodes.retainAll(ours);
        }
        return inodes;
    }

    /** The drop counter of a socket, 32 bits that wrap; empty when the socket is not in the table. */
    static OptionalLong drops(Flow flow, long inode) throws IOException {
        return drops(Files.readAllLines(table(flow)), inode);
    }

    static OptionalLong drops(List<String> rows, long inode) {
        return rows.stream()
                .map(ProcNetUdp::fields)
                .filter(fields -> fields.length > DROPS && fields[INODE].equals(Long.toString(inode)))
                .mapToLong(fields -> Long.parseLong(fields[DROPS]))
                .findFirst();
    }

    /** As the kernel prints it: each 32 bits of the address as a number in the byte order of the host. */
    static String localAddress(Flow flow) {
        ByteBuffer address = ByteBuffer.wrap(flow.group().getAddress()).order(ByteOrder.nativeOrder());
        StringBuilder text = new StringBuilder();
        while (address.hasRemaining()) {
            text.append(String.format("%08X", address.getInt()));
        }
        return text.append(String.format(":%04X", flow.port())).toString();
    }

    private static Path table(Flow flow) {
        return Path.of(flow.isIpv6() ? "/proc/net/udp6" : "/proc/net/udp");
    }

    private static String[] fields(String row) {
        return row.strip().split("\\s+");
    }

    private static Set<Long> openSockets() throws IOException {
        Set<Long> inodes = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(OPEN_FILES)) {
            for (Path file : files) {
                try {
                    Matcher socket = SOCKET.matcher(Files.readSymbolicLink(file).toString());
                    if (socket.matches()) {
                        inodes.add(Long.parseLong(socket.group(1)));
                    }
                } catch (IOException e) {
                    // closed in the meantime by another thread
                }
            }
        }
        return inodes;
    }
}
