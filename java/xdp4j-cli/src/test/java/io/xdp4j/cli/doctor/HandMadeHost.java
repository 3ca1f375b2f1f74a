// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import io.xdp4j.xdp.NetDevice;
import io.xdp4j.xdp.NetDeviceSetup;
import io.xdp4j.xdp.XdpFeature;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A machine whose /proc and /sys a test writes, and an interface of it; nothing is wrong with it at first. */
final class HandMadeHost {
    static final String AGAIN = "./xdp4j doctor";
    static final String ETH1 = "/sys/class/net/eth1";

    private final Path root;
    final Map<String, NetDeviceSetup.Feature> features = new HashMap<>();
    final Set<XdpFeature> xdpFeatures = new HashSet<>(Set.of(XdpFeature.BASIC, XdpFeature.REDIRECT));

    String release = "6.1.0-18-amd64";
    String config = "CONFIG_NETFILTER=y\nCONFIG_NF_TABLES=y";
    Optional<String> refusal = Optional.empty();
    Set<String> capabilities =
            Set.of("CAP_NET_RAW", "CAP_NET_ADMIN", "CAP_BPF", "CAP_PERFMON", "CAP_IPC_LOCK", "CAP_SYS_NICE");
    boolean isRoot = true;
    List<Integer> cpus = List.of(0, 1, 2, 3);

    String driver = "ixgbe";
    boolean up = true;
    int mtu = 1_500;
    int rxQueues = 4;
    int rxQueuesMax = 4;
    boolean combined = true;
    int numaNode = -1;
    int ring = 4_096;
    int ringMax = 4_096;
    boolean takesRules;
    boolean headerSplit;
    boolean xdpTold = true;
    int zeroCopyFrames;
    int nativeProgram;
    int genericProgram;
    String programName = "";
    NetDeviceSetup.Stamps stamps = NetDeviceSetup.Stamps.NONE;
    List<InetAddress> addresses = List.of();
    boolean inSysfs = true;

    HandMadeHost(Path root) {
        this.root = root;
    }

    /** @param path from the root on, for example {@code /proc/mounts} */
    HandMadeHost with(String path, String text) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    HandMadeHost withBytes(String path, byte[] bytes) throws IOException {
        with(path, "");
        Files.write(root.resolve(path.substring(1)), bytes);
        return this;
    }

    HandMadeHost withFolder(String path) throws IOException {
        Files.createDirectories(root.resolve(path.substring(1)));
        return this;
    }

    HandMadeHost withFeature(String name, boolean on, boolean fixed) {
        features.put(name, new NetDeviceSetup.Feature(on, fixed));
        return this;
    }

    Host host() {
        return new Host(
                new SystemFiles(root), release, KernelConfig.of(config), refusal, capabilities, isRoot, cpus, AGAIN);
    }

    Nic nic() {
        NetDeviceSetup setup = new NetDeviceSetup(
                xdpTold ? Optional.of(xdpFeatures) : Optional.empty(),
                zeroCopyFrames,
                nativeProgram,
                genericProgram,
                programName,
                rxQueuesMax,
                combined,
                stamps,
                headerSplit,
                features);
        return new Nic(
                new NetDevice("eth1", 7, mtu, rxQueues, up, false, numaNode),
                setup,
                driver,
                ring,
                ringMax,
                takesRules,
                addresses,
                inSysfs ? Optional.of(ETH1) : Optional.empty());
    }

    /** The one finding of a check. */
    Finding finding(Check check, Consumer<Findings> checks) {
        Findings findings = new Findings(host());
        checks.accept(findings);
        List<Finding> found = findings.all().stream()
                .filter(finding -> finding.check() == check)
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(check + ": " + found);
        }
        return found.get(0);
    }

    /** For assertions: a verdict and its commands. */
    static List<String> verdict(Finding finding) {
        return Stream.concat(Stream.of(finding.verdict().toString()), finding.mend().stream()).toList();
    }
}
