// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * By which queue of {@link VethPair#TX} sockets send, and so on which queue of {@link VethPair#RX} a program in native
 * mode sees their packets: the kernel chooses by a hash that changes with each boot, unless Transmit Packet Steering
 * tells it otherwise (Documentation/networking/scaling.rst). In generic mode a veth's packets are all of queue 0.
 *
 * <p>Live frames do not ask: they take queue {@code CPU % queues}, see {@link CpuPin}.
 */
public final class TransmitQueue {
    private static final Path QUEUES = Path.of("/sys/class/net", VethPair.TX, "queues");

    private TransmitQueue() {}

    /** From now on all sockets, on whatever CPU they send, use this queue alone. */
    public static void useOnly(int queue) throws IOException {
        String all = Files.readString(Path.of("/sys/devices/system/cpu/possible")).strip();
        int cpus = Integer.parseInt(all.substring(all.lastIndexOf('-') + 1)) + 1;
        Files.writeString(QUEUES.resolve("tx-" + queue + "/xps_cpus"), mask(cpus));
    }

    /** So many bits, in hex words of 32 with commas between. */
    private static String mask(int cpus) {
        StringBuilder words = new StringBuilder();
        for (int left = cpus; left > 0; left -= 32) {
            String word = Long.toHexString((1L << Math.min(left, 32)) - 1);
            words.insert(0, words.isEmpty() ? word : word + ",");
        }
        return words.toString();
    }
}
