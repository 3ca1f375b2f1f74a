// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import com.fasterxml.jackson.databind.JsonNode;
import io.xdp4j.ledger.Cause;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The receiver in plain C that {@code receive} is measured against. It is no part of what is installed or published:
 * only a build from the sources has it.
 *
 * @param file where it is, or would be
 */
record PeerProgram(Path file) {
    private static final String NAME = "xdp4j-peer";
    private static final String PROPERTY = "xdp4j.peer";

    /** Where a build puts it, which is beside the folder of the native library, unless the property names it. */
    static PeerProgram ofThisBuild() {
        String named = System.getProperty(PROPERTY);
        if (named != null) {
            return new PeerProgram(Path.of(named).toAbsolutePath());
        }
        Path libraries = Path.of(System.getProperty("java.library.path").split(File.pathSeparator)[0]);
        return new PeerProgram(libraries.toAbsolutePath().resolveSibling("bin").resolve(NAME));
    }

    boolean isThere() {
        return Files.isExecutable(file);
    }

    /** Why it is not, and what to do. */
    String absence() {
        return "there is no " + file + ": build it with ./xdp4j";
    }

    /** @param arguments those of a receiver: its report is always JSON on standard output */
    List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(file.toString()));
        command.addAll(arguments);
        return command;
    }

    /**
     * It has no ledger. With copies {@code rxDropped} is what found the fill ring empty. The sender's device refuses
     * other frames too, as of the kernel's own neighbour discovery: its count is the most that {@code NIC} can be.
     *
     * @param lost by the count of the sender
     * @param refused by the sender's device, as the sender knows; 0 when it does not
     */
    static Map<Cause, Long> causes(JsonNode report, long lost, long refused) {
        long fillRingEmpty = report.requiredAt("/xdp/rxDropped").asLong();
        long rxRingFull = report.requiredAt("/xdp/rxRingFull").asLong();
        Map<Cause, Long> causes = new EnumMap<>(Cause.class);
        causes.put(Cause.NIC, Math.max(0, Math.min(refused, lost - fillRingEmpty - rxRingFull)));
        causes.put(Cause.FILL_RING_EMPTY, fillRingEmpty);
        causes.put(Cause.RX_RING_FULL, rxRingFull);
        return causes;
    }
}
