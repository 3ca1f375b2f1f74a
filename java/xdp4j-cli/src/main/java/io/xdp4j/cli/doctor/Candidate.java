// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.xdp4j.cli.Figures;
import io.xdp4j.packet.KernelException;
import io.xdp4j.xdp.XdpFeature;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * An interface that flows could arrive on.
 *
 * @param name for example {@code eth1}
 * @param driver empty where it has no name
 * @param up whether it is meant to be up
 * @param rxQueues in use
 * @param nativeXdp whether its driver announces it; null where the kernel does not tell
 * @param addresses that it has
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Candidate(
        String name, String driver, boolean up, int rxQueues, Boolean nativeXdp, List<String> addresses) {
    private static final String DEVICES = "/proc/net/dev";
    private static final int ENODEV = 19;
    private static final int HEADER_LINES = 2;

    /** Those of this network namespace, but for the loopback. */
    static List<Candidate> all(SystemFiles files) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        List<String> lines = files.lines(DEVICES);
        for (String line : lines.subList(Math.min(HEADER_LINES, lines.size()), lines.size())) {
            try {
                Nic nic = Nic.read(line.strip().split(":")[0], files);
                if (!nic.device().loopback()) {
                    candidates.add(of(nic));
                }
            } catch (KernelException e) {
                if (e.errno() != ENODEV) { // gone meanwhile
                    throw e;
                }
            }
        }
        return candidates;
    }

    private static Candidate of(Nic nic) {
        return new Candidate(
                nic.name(),
                nic.driver(),
                nic.device().up(),
                nic.device().rxQueues(),
                nic.setup()
                        .xdpFeatures()
                        .map(features -> features.contains(XdpFeature.BASIC))
                        .orElse(null),
                nic.addresses().stream().map(InetAddress::getHostAddress).toList());
    }

    /** For people. */
    String words() {
        return name + (driver.isEmpty() ? "" : ", driver " + driver) + (up ? ", up, " : ", down, ")
                + Figures.count(rxQueues) + (rxQueues == 1 ? " RX queue" : " RX queues")
                + (nativeXdp == null ? "" : nativeXdp ? ", native XDP announced" : ", generic XDP only");
    }
}
