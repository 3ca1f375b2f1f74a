// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import io.xdp4j.jfr.JfrEvents;
import java.util.Optional;

/**
 * Where an {@link XdpProgram} is attached, and how. Each change goes to the Flight Recorder.
 *
 * <p>Threads: used under the program's monitor.
 */
final class ProgramMode {
    private static final String DETACHED = "detached";

    private String interfaceName; // null while it is attached to none
    private Mode mode; // of the latest attachment; null before the first
    private String fallback;

    /** Null while it is attached to none. */
    String interfaceName() {
        return interfaceName;
    }

    /** Of the latest attachment. */
    Optional<Mode> mode() {
        return Optional.ofNullable(mode);
    }

    /** Why native mode was refused, when the latest attachment was to choose. */
    Optional<String> fallback() {
        return Optional.ofNullable(fallback);
    }

    /** @param reason why it fell back; null when it did not */
    void attached(String to, Mode wanted, Mode inForce, String reason) {
        interfaceName = to;
        mode = inForce;
        fallback = reason;
        record(to, wanted.word(), inForce.word(), reason);
    }

    void refused(String to, Mode wanted, String reason) {
        record(to, wanted.word(), interfaceName == null ? DETACHED : mode.word(), reason);
    }

    void detached() {
        if (interfaceName != null) {
            record(interfaceName, DETACHED, DETACHED, null);
            interfaceName = null;
        }
    }

    private static void record(String on, String asked, String inForce, String reason) {
        JfrEvents.mode("XDP program on " + on, asked, inForce, reason);
    }
}
