// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

/** What checks are grouped by, in the order in which they are printed. */
enum Subject {
    KERNEL("Kernel"),
    PROCESS("What this process may and has"),
    INTERFACE("What the interface can do"),
    OFFLOADS("What the interface does to packets"),
    MULTICAST("Multicast"),
    SOCKETS("Ordinary sockets"),
    CPUS("CPUs and interrupts"),
    ABSENCE("How long a thread is kept waiting, and the rings that bridge it");

    private final String heading;

    Subject(String heading) {
        this.heading = heading;
    }

    String heading() {
        return heading;
    }
}
