// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import io.xdp4j.cli.Figures;
import io.xdp4j.xdp.NetDeviceSetup;
import io.xdp4j.xdp.XdpFeature;
import java.io.IOException;
import java.util.Set;

/** What the interface and its driver can do for AF_XDP. Nothing is attached to find out. */
final class InterfaceChecks {
    /**
     * How long a card's ring should last: when many packets come, the kernel takes them from it in a thread like others
     * (ksoftirqd), which may have to wait for a time slice, some milliseconds.
     */
    private static final double RING_LASTS_MS = 4;

    /**
     * Drivers whose native mode leaves no room in front of a packet for what the XDP program writes there
     * (docs/tuning.md), as ethtool names them.
     */
    private static final Set<String> NO_METADATA = Set.of(
            "cpsw", "cpsw-switch", "ena", "fec", "fsl_dpaa2_eth", "fsl_enetc", "fsl_enetc_vf", "gve", "hv_netvsc",
            "mana", "mtk_soc_eth", "mvneta", "sfc", "sfc_siena", "vmxnet3");

    /** Of these, those that got XDP with Linux 6.3 or later: where the kernel tells nothing, they have none. */
    private static final Set<String> XDP_CAME_LATE = Set.of("gve", "vmxnet3");

    /** As docs/tuning.md has it: few flows need few queues. */
    private static final long QUEUE_CARRIES_PPS = 1_000_000;

    /** Drivers that take an XDP program with half of their channels at most. */
    private static final Set<String> HALF_FOR_XDP = Set.of("ena", "gve");

    private static final String COPIED = "The kernel copies each packet once, into a frame.";
    private static final String ETHERNET = "1"; // ARPHRD_ETHER of linux/if_arp.h

    private final Host host;
    private final Nic nic;
    private final long highestPps;
    private final ProgramCheck program;

    /** @param highestPps of the rates asked about */
    InterfaceChecks(Host host, Nic nic, long highestPps, ProgramCheck program) {
        this.host = host;
        this.nic = nic;
        this.highestPps = highestPps;
        this.program = program;
    }

    void addTo(Findings findings) {
        findings.add(Check.LINK, this::link);
        findings.add(Check.NATIVE_XDP, this::nativeXdp);
        findings.add(Check.ZERO_COPY, this::zeroCopy);
        findings.add(Check.XDP_PROGRAM, program::look);
        findings.add(Check.RX_QUEUES, this::queues);
        findings.add(Check.RX_RING, this::ring);
        findings.add(Check.NTUPLE, this::ntuple);
        findings.add(Check.TIMESTAMPS, this::timestamps);
    }

    private Finding link() throws IOException {
        if (!nic.device().up()) {
            return Finding.problem(
                    Check.LINK, "down", "Nothing arrives.", "ip link set " + nic.name() + " up");
        }
        if (nic.folder().isEmpty()) {
            return Finding.unknown(
                    Check.LINK,
                    "up, but /sys is that of another network namespace",
                    "Nor can interrupts be seen.",
                    "mount -t sysfs sysfs /sys");
        }
        if (!host.files().read(nic.folder().get() + "/type").equals(ETHERNET)) {
            return Finding.problem(
                    Check.LINK, "no Ethernet", "The XDP program reads Ethernet headers: name another interface.");
        }
        if (host.files().number(nic.folder().get() + "/carrier") == 0) {
            return Finding.problem(
                    Check.LINK, "up, without a carrier", "Nothing arrives: look at the cable and at its other end.");
        }
        return Finding.ok(Check.LINK, "up" + (nic.driver().isEmpty() ? "" : ", driver " + nic.driver()), "");
    }

    private Finding nativeXdp() {
        boolean hasNoRoom = NO_METADATA.contains(nic.driver());
        if (nic.setup().xdpFeatures().isEmpty()) {
            return hasNoRoom && !XDP_CAME_LATE.contains(nic.driver()) ? withoutMetadata() : untold(Check.NATIVE_XDP);
        }
        Set<XdpFeature> features = nic.setup().xdpFeatures().get();
        if (!features.contains(XdpFeature.BASIC) || !features.contains(XdpFeature.REDIRECT)) {
            if (nic.isVeth() && nic.device().rxQueues() < nic.setup().rxQueuesMax()) {
                return Finding.warning(
                        Check.NATIVE_XDP,
                        "not now",
                        "A veth has it with as many RX queues as its other end has for sending; `receive` uses generic"
                                + " mode, which is slower.",
                        moreQueues(nic.setup().rxQueuesMax()))
                        .thatInterrupts();
            }
            return Finding.warning(
                    Check.NATIVE_XDP,
                    "not by " + nic.driverName(),
                    "`receive` uses generic mode, behind the driver on socket buffers, which is slower.");
        }
        if (hasNoRoom) {
            return withoutMetadata();
        }
        if (isRefused()) {
            return Finding.warning(
                    Check.NATIVE_XDP,
                    "announced by virtio_net, which is most likely to refuse it",
                    "Hardware GRO cannot be switched off here, and with it virtio_net takes no program: `receive` uses"
                            + " generic mode, which is slower. The hypervisor would have to offer"
                            + " VIRTIO_NET_F_CTRL_GUEST_OFFLOADS.");
        }
        return Finding.ok(Check.NATIVE_XDP, "announced by " + nic.driverName(), "");
    }

    private Finding withoutMetadata() {
        return Finding.problem(
                Check.NATIVE_XDP,
                nic.driverName() + " leaves no room for metadata",
                "In native mode every packet passes to the stack, and the ledger says NO_METADATA. Generic mode is"
                        + " slower, and has the room. Beside --flow:",
                "./xdp4j receive --interface " + nic.name() + " --mode generic");
    }

    /** virtnet_xdp_set of Linux: it cannot tell the hypervisor to leave packets whole. */
    private boolean isRefused() {
        NetDeviceSetup.Feature hardwareGro = nic.feature("rx-gro-hw");
        return nic.driver().equals("virtio_net") && hardwareGro.on() && hardwareGro.fixed();
    }

    private static Finding untold(Check check) {
        return Finding.unknown(
                check, "no kernel before 6.3 tells", "`receive` prints which mode is in force.");
    }

    /** Only binding a socket would show whether it gets it, and that would take the interface from who uses it. */
    private Finding zeroCopy() {
        if (nic.setup().xdpFeatures().isEmpty()) {
            return untold(Check.ZERO_COPY);
        }
        if (isRefused()) {
            return Finding.ok(Check.ZERO_COPY, "not without native XDP", COPIED);
        }
        if (nic.setup().xdpFeatures().get().contains(XdpFeature.XSK_ZEROCOPY)) {
            return Finding.ok(
                    Check.ZERO_COPY,
                    "announced by " + nic.driverName(),
                    "Whether a socket gets it only binding it shows: `receive` prints it.");
        }
        return Finding.ok(Check.ZERO_COPY, "not by " + nic.driverName(), COPIED);
    }

    private Finding queues() {
        int now = nic.device().rxQueues();
        int max = nic.setup().rxQueuesMax();
        String found = Figures.count(now) + (max == 0 ? "" : " of " + Figures.count(max));
        if (now > 1 || highestPps <= QUEUE_CARRIES_PPS) {
            return Finding.ok(Check.RX_QUEUES, found, "");
        }
        String meaning = "One queue, and its CPU, carries about a million packets a second.";
        long enough = (highestPps + QUEUE_CARRIES_PPS - 1) / QUEUE_CARRIES_PPS;
        int most = Math.min(HALF_FOR_XDP.contains(nic.driver()) ? max / 2 : max, host.cpus().size());
        if (most <= 1) {
            return Finding.warning(
                    Check.RX_QUEUES, found, meaning + " There cannot be more here: only fewer packets help.");
        }
        return Finding.warning(
                        Check.RX_QUEUES,
                        found,
                        meaning + " With more queues `receive` has a receiver for each.",
                        moreQueues((int) Math.min(enough, most)))
                .thatInterrupts();
    }

    private String moreQueues(int queues) {
        return "ethtool -L " + nic.name() + (nic.setup().combined() ? " combined " : " rx ") + queues;
    }

    private Finding ring() {
        if (nic.ring() == 0) {
            return Finding.ok(Check.RX_RING, "not told by " + nic.driverName(), "");
        }
        double lastsMs = nic.ring() * 1e3 / highestPps;
        String found = Figures.count(nic.ring()) + " of " + Figures.count(nic.ringMax());
        String meaning = "It lasts " + Figures.milliseconds(lastsMs) + " at " + Figures.count(highestPps)
                + " packets a second.";
        if (lastsMs >= RING_LASTS_MS) {
            return Finding.ok(Check.RX_RING, found, meaning);
        }
        if (nic.ring() >= nic.ringMax()) {
            return Finding.warning(
                    Check.RX_RING,
                    found,
                    meaning + " It cannot be deeper: fewer packets on a queue, or `receive --busy-poll`, which comes to"
                            + " it sooner.");
        }
        return Finding.warning(
                Check.RX_RING,
                found,
                meaning + " What the kernel does not take in time the card drops.",
                "ethtool -G " + nic.name() + " rx " + nic.ringMax())
                .thatInterrupts();
    }

    private Finding ntuple() {
        if (!nic.takesRules()) {
            return Finding.ok(
                    Check.NTUPLE,
                    "none in " + nic.driverName(),
                    "Flows come to any queue, and `receive` takes them there.");
        }
        if (nic.device().rxQueues() == 1) {
            return Finding.ok(Check.NTUPLE, "not needed: there is one queue", "");
        }
        if (nic.feature("rx-ntuple-filter").on()) {
            return Finding.ok(Check.NTUPLE, "on", "`receive` spreads flows over the queues by them.");
        }
        return Finding.warning(
                Check.NTUPLE,
                "off",
                "`receive` cannot put each flow on one queue; they come to any, and are taken there.",
                "ethtool -K " + nic.name() + " ntuple on")
                .thatInterrupts();
    }

    private Finding timestamps() {
        String found =
                switch (nic.setup().stamps()) {
                    case NONE -> "none";
                    case SOME -> "of PTP packets only";
                    case ALL -> "of all packets";
                };
        return Finding.ok(Check.TIMESTAMPS, found, "Not used: latency is counted from the kernel's first sight.");
    }
}
