// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.packet.KernelException;
import io.xdp4j.xdp.NetDeviceCounters;
import io.xdp4j.xdp.RedirectErrors;
import io.xdp4j.xdp.XdpProgram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The counters that are not the flows' own: of the interface's driver, of the kernel's stack, and of the redirects that
 * the kernel refused. Any of them may be unreadable; it then says so, and counts as 0.
 */
final class HostCounters implements AutoCloseable {
    private final String interfaceName;
    private final DriverDrops driver = new DriverDrops();
    private final Difference received = new Difference();
    private final StackDrops stack;
    private final RedirectErrors redirectErrors; // null where they cannot be read
    private String redirectLimit; // null where they can be read
    private StackDrops.Reading stackReading;
    private String driverLimit; // null where its counters can be read
    private String driverRemedy = "";

    private HostCounters(String interfaceName, StackDrops stack, RedirectErrors redirectErrors, String redirectLimit) {
        this.interfaceName = interfaceName;
        this.stack = stack;
        this.redirectErrors = redirectErrors;
        this.redirectLimit = redirectLimit;
    }

    /**
     * For flows of ordinary sockets: nothing is redirected.
     *
     * @param proc usually {@code /proc}
     */
    static HostCounters open(String interfaceName, Path proc) {
        return new HostCounters(interfaceName, new StackDrops(proc), null, null);
    }

    /** For flows that a program redirects. */
    static HostCounters open(String interfaceName, XdpProgram program) {
        StackDrops stack = new StackDrops(Path.of("/proc"));
        try {
            return new HostCounters(interfaceName, stack, RedirectErrors.open(program), null);
        } catch (KernelException e) {
            return new HostCounters(interfaceName, stack, null, e.getMessage());
        }
    }

    /**
     * Takes a look at all of them.
     *
     * @param stackInFront what of the stack is in front of the flows; the first look, before an XDP program is
     *     attached, takes in what may turn out to be
     */
    void read(StackPart stackInFront) {
        readDriver();
        boolean isFirst = stackReading == null;
        stackReading = stack.read(isFirst && stackInFront == StackPart.NONE ? StackPart.BACKLOG : stackInFront);
    }

    private void readDriver() {
        try {
            NetDeviceCounters counters = NetDeviceCounters.read(interfaceName);
            received.update(counters.rxPackets());
            driver.update(counters);
            driverLimit = driver.tells()
                    ? null
                    : "The driver of " + interfaceName + " (" + counters.driver() + ") has no counters of its own, or"
                            + " none that is known here (ethtool -S): what it or its card drops cannot be told from"
                            + " losses upstream.";
            driverRemedy = counters.rxRing() < counters.rxRingMax()
                    ? " Its ring has " + counters.rxRing() + " descriptors: ethtool -G " + interfaceName + " rx "
                            + counters.rxRingMax() + "."
                    : "";
        } catch (KernelException e) {
            driverLimit = "The counters of " + interfaceName + " cannot be read (" + e.getMessage()
                    + "): what its driver or card drops cannot be told from losses upstream.";
        }
    }

    /** What the flows need to know. */
    Surroundings surroundings() {
        return new Surroundings(refused(), stackReading.checksumErrors(), stackReading.receiveBufferErrors());
    }

    private OptionalLong refused() {
        try {
            return redirectErrors == null ? OptionalLong.empty() : OptionalLong.of(redirectErrors.count());
        } catch (KernelException e) {
            redirectLimit = e.getMessage();
            return OptionalLong.empty();
        }
    }

    /** Packets that the driver or its card has dropped since the first look. */
    long droppedByDriver() {
        return driver.packets();
    }

    /** Packets that came through the driver since the first look, of whatever traffic. */
    long received() {
        return received.risen();
    }

    /**
     * What the stack up to a part of it has dropped since the first look, but what sockets dropped for a full buffer.
     */
    long droppedByStack(StackPart part) {
        return switch (part) {
            case NONE -> 0;
            case BACKLOG -> stackReading.backlog();
            case IP -> stackReading.backlog() + stackReading.byIp();
            case UDP -> stackReading.backlog() + stackReading.beforeSocket();
        };
    }

    /** Whether what the driver or its card drops can be told. */
    boolean tellsDriver() {
        return driverLimit == null;
    }

    /** Whether what the stack drops can be told. */
    boolean tellsStack() {
        return stackReading.unreadable().isEmpty();
    }

    /** The driver's counters that have risen: {@code rx_missed_errors 123}. */
    String driverCounters() {
        return driver.moved().entrySet().stream()
                .map(counter -> String.format(Locale.ROOT, "%s %,d", counter.getKey(), counter.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** How the driver's ring can be made longer; empty where it cannot. */
    String driverRemedy() {
        return driverRemedy;
    }

    /** The stack's likewise. */
    String stackCounters() {
        return String.format(
                Locale.ROOT,
                "%,d dropped by IP and UDP, of these %,d for a wrong UDP checksum; %,d for a full backlog",
                stackReading.beforeSocket(),
                stackReading.checksumErrors(),
                stackReading.backlog());
    }

    /** Why packets that are missing cannot be told from those that this machine dropped, a sentence each. */
    List<String> missingLimits() {
        List<String> limits = new ArrayList<>();
        if (driverLimit != null) {
            limits.add(driverLimit);
        }
        stackReading.unreadable().ifPresent(limits::add);
        return limits;
    }

    /** Why refused redirects cannot be told. */
    Optional<String> redirectLimit() {
        return Optional.ofNullable(redirectLimit);
    }

    @Override
    public void close() {
        if (redirectErrors != null) {
            redirectErrors.close();
        }
    }
}
