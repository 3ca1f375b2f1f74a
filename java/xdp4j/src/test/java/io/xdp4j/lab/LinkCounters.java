// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the kernel counts for one interface, as {@code /proc/net/dev} shows it.
 *
 * @param rxPackets of a veth with NAPI: taken from the ring between the ends
 * @param rxDropped of a veth: live frames for which that ring had no room, and in native XDP mode every packet that
 *     the program redirected and the AF_XDP socket refused
 * @param txPackets of a veth: as the other end's {@code rxPackets}
 * @param txDropped of a veth: whatever the other end did not take
 */
public record LinkCounters(long rxPackets, long rxDropped, long txPackets, long txDropped) {
    private static final Path TABLE = Path.of("/proc/net/dev");

    /** Now. */
    public static LinkCounters of(String interfaceName) throws IOException {
        for (String line : Files.readAllLines(TABLE)) {
            String[] parts = line.strip().split(":\\s*", 2);
            if (parts[0].equals(interfaceName)) {
                // bytes packets errs drop fifo frame compressed multicast; then the same of what was sent
                String[] columns = parts[1].split("\\s+");
                return new LinkCounters(
                        Long.parseLong(columns[1]),
                        Long.parseLong(columns[3]),
                        Long.parseLong(columns[9]),
                        Long.parseLong(columns[11]));
            }
        }
        throw new IOException("no " + interfaceName + " in " + TABLE);
    }

    /** What was counted since an earlier look. */
    public LinkCounters since(LinkCounters earlier) {
        return new LinkCounters(
                rxPackets - earlier.rxPackets,
                rxDropped - earlier.rxDropped,
                txPackets - earlier.txPackets,
                txDropped - earlier.txDropped);
    }
}
