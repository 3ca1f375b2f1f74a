// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.receive.XdpSettings;
import io.xdp4j.xdp.NetDeviceSetup.Feature;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.XdpFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the interface does to packets before they are received: which it takes, merges, takes apart or changes. */
final class OffloadChecks {
    /** The frames that `receive` can be asked for. */
    private static final int FRAME = 2_048;

    private static final int LARGE_FRAME = 4_096;

    /** AF_XDP sockets take packets of several frames from there on. */
    private static final KernelVersion MULTI_BUFFER = new KernelVersion(6, 6, 10);

    /** Of Ethernet, which senders go by. */
    private static final int USUAL_MTU = 1_500;

    /** Drivers that do what else the user would have to (docs/tuning.md). */
    private static final Set<String> SWITCHES_GRO_OFF = Set.of("bnxt_en", "virtio_net");

    private static final String VLANS = "/proc/net/vlan/config";

    private final Host host;
    private final Nic nic;

    OffloadChecks(Host host, Nic nic) {
        this.host = host;
        this.nic = nic;
    }

    void addTo(Findings findings) {
        findings.add(Check.MTU, this::mtu);
        findings.add(Check.GRO, this::gro);
        findings.add(Check.HARDWARE_GRO, this::hardwareGro);
        findings.add(Check.LRO, this::lro);
        findings.add(Check.VLAN_TAGS, this::vlanTags);
        findings.add(Check.HEADER_SPLIT, this::headerSplit);
    }

    private Finding mtu() {
        int mtu = nic.device().mtuBytes();
        String found = Figures.count(mtu);
        int longest = mtu + XdpSettings.LINK_HEADER_BYTES;
        String smaller = "ip link set " + nic.name() + " mtu ";
        if (longest > Umem.LONGEST_PACKET) {
            return Finding.problem(
                    Check.MTU, found, "An IP packet has 65,535 bytes at most: `receive` is refused.", smaller + 9_000)
                    .thatInterrupts();
        }
        if (mtu < USUAL_MTU) {
            return Finding.warning(
                    Check.MTU, found, "Senders commonly use 1,500, and many cards drop what is longer than the MTU.",
                    smaller + USUAL_MTU)
                    .thatInterrupts();
        }
        if (longest <= FRAME - Umem.HEADROOM) {
            return Finding.ok(Check.MTU, found, "A packet is one frame.");
        }
        return longest <= LARGE_FRAME - Umem.HEADROOM ? oneLargeFrame(found) : severalFrames(found);
    }

    private Finding oneLargeFrame(String found) {
        return Finding.ok(
                Check.MTU, found, "A packet is one frame with `receive --frame-size 4096`, and several without.");
    }

    private Finding severalFrames(String found) {
        String mend = "ip link set " + nic.name() + " mtu " + USUAL_MTU;
        if (!KernelVersion.of(host.release()).isAtLeast(MULTI_BUFFER)) {
            return Finding.problem(
                    Check.MTU, found, "A packet is several frames, for which `receive` needs Linux 6.6.10.", mend)
                    .thatInterrupts();
        }
        Optional<Set<XdpFeature>> features = nic.setup().xdpFeatures();
        if (features.isPresent() && !features.get().contains(XdpFeature.RX_SG)) {
            return Finding.warning(
                    Check.MTU,
                    found,
                    "A packet is several frames, for which " + nic.driverName() + " announces no native XDP: `receive`"
                            + " uses generic mode. Where no longer packets come it can be smaller.",
                    mend)
                    .thatInterrupts();
        }
        boolean zeroCopy = features.isPresent() && features.get().contains(XdpFeature.XSK_ZEROCOPY);
        if (zeroCopy && nic.setup().zeroCopyFrames() <= 1) {
            return Finding.warning(
                    Check.MTU,
                    found,
                    "A packet is several frames, and " + nic.driverName() + " has zero-copy for one: it is not used."
                            + " Where no longer packets come it can be smaller.",
                    mend)
                    .thatInterrupts();
        }
        return Finding.ok(Check.MTU, found, "A packet is several frames, and is copied once to be one.");
    }

    /** AF_XDP in native mode is in front of all that. UDP is merged only where it is asked for. */
    private Finding gro() {
        if (!nic.feature("rx-gro").on()) {
            return Finding.ok(Check.GRO, "off", "");
        }
        List<String> merging = new ArrayList<>();
        for (String feature : List.of("rx-udp-gro-forwarding", "rx-gro-list")) {
            if (nic.feature(feature).on()) {
                merging.add(feature);
            }
        }
        if (merging.isEmpty()) {
            return Finding.ok(Check.GRO, "on", "It leaves UDP alone.");
        }
        return Finding.warning(
                Check.GRO,
                "on, with " + String.join(" and ", merging),
                "UDP packets of a flow are merged: a raw socket gets several as one, and finds the rest lost.",
                "ethtool -K " + nic.name() + " " + String.join(" off ", merging) + " off");
    }

    private Finding hardwareGro() {
        Feature gro = nic.feature("rx-gro-hw");
        if (!gro.on()) {
            return Finding.ok(Check.HARDWARE_GRO, "off", "");
        }
        if (SWITCHES_GRO_OFF.contains(nic.driver()) && !gro.fixed()) {
            return Finding.ok(
                    Check.HARDWARE_GRO, "on", nic.driver() + " switches it off while an XDP program is attached.");
        }
        String meaning = "The card puts packets together, and some drivers take no XDP program meanwhile.";
        return gro.fixed()
                ? Finding.warning(Check.HARDWARE_GRO, "on, for good", meaning)
                : Finding.warning(Check.HARDWARE_GRO, "on", meaning, "ethtool -K " + nic.name() + " rx-gro-hw off")
                        .thatInterrupts();
    }

    private Finding lro() {
        Feature lro = nic.feature("rx-lro");
        if (!lro.on()) {
            return Finding.ok(Check.LRO, "off", "");
        }
        String meaning = "The card merges packets, and many drivers take no XDP program meanwhile.";
        return lro.fixed()
                ? Finding.warning(Check.LRO, "on, for good", meaning)
                : Finding.warning(Check.LRO, "on", meaning, "ethtool -K " + nic.name() + " lro off")
                        .thatInterrupts();
    }

    private Finding vlanTags() throws IOException {
        Feature strip = nic.feature("rx-vlan-hw-parse");
        Feature filter = nic.feature("rx-vlan-filter");
        List<String> vlans = vlans();
        if (!strip.on() && !filter.on()) {
            return Finding.ok(Check.VLAN_TAGS, "left as they are", "");
        }
        String found = strip.on()
                ? filter.on() ? "taken off by the card, which also filters by them" : "taken off by the card"
                : "filtered by the card";
        if (vlans.isEmpty()) {
            return Finding.ok(
                    Check.VLAN_TAGS, found, "It has no VLAN here: of no concern while packets come untagged.");
        }
        String off = (strip.on() && !strip.fixed() ? " rxvlan off" : "")
                + (filter.on() && !filter.fixed() ? " rx-vlan-filter off" : "");
        return Finding.warning(
                Check.VLAN_TAGS,
                found,
                "A handler cannot see which VLAN a packet is of (here " + String.join(", ", vlans) + ")"
                        + (filter.on() ? ", and packets of other VLANs are dropped." : "."),
                off.isEmpty() ? new String[0] : new String[] {"ethtool -K " + nic.name() + off});
    }

    /** Interfaces for VLANs on this one: a line of the file is {@code eth1.5 | 5 | eth1}. */
    private List<String> vlans() throws IOException {
        if (!host.files().exists(VLANS)) {
            return List.of(); // the kernel has none, or the module is not loaded
        }
        return host.files().lines(VLANS).stream()
                .map(line -> line.split("\\s*\\|\\s*"))
                .filter(fields -> fields.length == 3 && fields[2].equals(nic.name()))
                .map(fields -> fields[0].strip())
                .toList();
    }

    private Finding headerSplit() {
        if (!nic.setup().headerSplit()) {
            return Finding.ok(Check.HEADER_SPLIT, "off", "");
        }
        return Finding.warning(
                Check.HEADER_SPLIT,
                "on",
                "The card puts headers of TCP elsewhere, and the kernel takes no XDP program meanwhile that is for"
                        + " packets of one buffer.",
                "ethtool -G " + nic.name() + " tcp-data-split off")
                .thatInterrupts();
    }
}
