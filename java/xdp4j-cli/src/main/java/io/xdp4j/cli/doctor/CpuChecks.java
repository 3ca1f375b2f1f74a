// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import io.xdp4j.cli.receive.NumberList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Where threads and interrupts run, and how fast. */
final class CpuChecks {
    private static final String CPUS = "/sys/devices/system/cpu";
    private static final String NODES = "/sys/devices/system/node";
    private static final String GOVERNORS = CPUS + "/cpu*/cpufreq/scaling_governor";
    private static final String PERFORMANCE = "performance";

    /** How drivers name what a receive queue interrupts by. */
    private static final Pattern RECEIVES = Pattern.compile("rx|input|comp|queue", Pattern.CASE_INSENSITIVE);

    private final Host host;
    private final Optional<Nic> nic;

    /** @param nic empty: only what is of the whole machine */
    CpuChecks(Host host, Optional<Nic> nic) {
        this.host = host;
        this.nic = nic;
    }

    void addTo(Findings findings) {
        findings.add(Check.GOVERNOR, this::governor);
        findings.add(Check.ISOLATED_CPUS, this::isolated);
        findings.add(Check.IRQBALANCE, this::irqbalance);
        nic.ifPresent(card -> {
            findings.add(Check.INTERRUPTS, () -> interrupts(card));
            findings.add(Check.NUMA_NODE, () -> numaNode(card));
        });
    }

    private Finding governor() throws IOException {
        TreeSet<String> governors = new TreeSet<>();
        for (int cpu : host.cpus()) {
            String file = CPUS + "/cpu" + cpu + "/cpufreq/scaling_governor";
            if (host.files().exists(file)) {
                governors.add(host.files().read(file));
            }
        }
        if (governors.isEmpty()) {
            return Finding.ok(Check.GOVERNOR, "not this system's to set", "");
        }
        String found = "governor " + String.join(", ", governors);
        governors.remove(PERFORMANCE);
        if (governors.isEmpty()) {
            return Finding.ok(Check.GOVERNOR, found, "");
        }
        return Finding.warning(
                Check.GOVERNOR,
                found,
                "A CPU that has slept or was slow takes a while to be fast, in which packets wait.",
                "echo " + PERFORMANCE + " | tee " + GOVERNORS);
    }

    private Finding isolated() throws IOException {
        String isolated = list(CPUS + "/isolated");
        String tickless = list(CPUS + "/nohz_full");
        String found = "isolcpus " + (isolated.isEmpty() ? "none" : isolated)
                + ", nohz_full " + (tickless.isEmpty() ? "none" : tickless);
        return Finding.ok(
                Check.ISOLATED_CPUS,
                found,
                isolated.isEmpty()
                        ? "Any thread may take a receiver's CPU."
                        : "`receive --cpu " + isolated + "` uses them.");
    }

    /** Empty where there is none, which some kernels write as a word. */
    private String list(String file) throws IOException {
        String text = host.files().exists(file) ? host.files().read(file) : "";
        return text.matches("[0-9,-]+") ? text : "";
    }

    private Finding irqbalance() throws IOException {
        if (!host.files().exists("/proc/1/comm")) {
            return Finding.unknown(Check.IRQBALANCE, "/proc does not show all processes", "", host.asRoot());
        }
        for (String name : host.files().list("/proc")) {
            if (name.matches("[0-9]+") && isCalled(name, "irqbalance")) {
                return Finding.ok(
                        Check.IRQBALANCE,
                        "running",
                        "It may move an interrupt to a receiver's CPU: with `receive --cpu` stop it (systemctl stop"
                                + " irqbalance) and place both.");
            }
        }
        return Finding.ok(Check.IRQBALANCE, "not running", "");
    }

    private boolean isCalled(String pid, String command) {
        try {
            return host.files().read("/proc/" + pid + "/comm").equals(command);
        } catch (IOException e) {
            return false; // it has just ended
        }
    }

    private Finding interrupts(Nic nic) throws IOException {
        if (nic.folder().isEmpty()) {
            return Finding.unknown(
                    Check.INTERRUPTS,
                    "/sys is that of another network namespace",
                    "",
                    "mount -t sysfs sysfs /sys");
        }
        if (nic.isVirtual(host.files())) {
            return Finding.ok(
                    Check.INTERRUPTS,
                    "none of its own: it is software",
                    nic.isVeth()
                            ? "Its packets are handled on their sender's CPU."
                            : "Those of the device below it count.");
        }
        List<Integer> irqs = irqs(nic);
        if (irqs.isEmpty()) {
            return Finding.unknown(Check.INTERRUPTS, "the device tells none in /sys", "See /proc/interrupts.");
        }
        TreeSet<Integer> cpus = cpus(irqs);
        String found = irqs.size() + " for receiving, on CPU " + NumberList.text(List.copyOf(cpus));
        if (irqs.size() == 1 || cpus.size() > 1 || host.cpus().size() == 1) {
            boolean others = !cpus.containsAll(host.cpus());
            return Finding.ok(
                    Check.INTERRUPTS, found, others ? "A receiver is better off on another (`receive --cpu`)." : "");
        }
        return Finding.warning(
                Check.INTERRUPTS, found, "One CPU serves all queues: give each another one.", spread(irqs));
    }

    /** That take these interrupts. */
    private TreeSet<Integer> cpus(List<Integer> irqs) throws IOException {
        TreeSet<Integer> cpus = new TreeSet<>();
        for (int irq : irqs) {
            cpus.addAll(NumberList.parse(affinity(irq), "CPUs"));
        }
        return cpus;
    }

    /** One that takes none of the card's interrupts, best one that is kept free; empty where none is known to be so. */
    OptionalInt receiversCpu() {
        try {
            return freeCpu();
        } catch (IOException | TypeConversionException e) {
            return OptionalInt.empty(); // the check of the interrupts says why
        }
    }

    private OptionalInt freeCpu() throws IOException {
        TreeSet<Integer> taken = nic.isPresent() && nic.get().folder().isPresent()
                ? cpus(irqs(nic.get()))
                : new TreeSet<>();
        TreeSet<Integer> free = isolatedCpus();
        free.removeAll(taken);
        if (free.isEmpty()) {
            free.addAll(host.cpus());
            free.removeAll(taken);
        }
        return free.isEmpty() ? OptionalInt.empty() : OptionalInt.of(free.last());
    }

    private TreeSet<Integer> isolatedCpus() throws IOException {
        String isolated = list(CPUS + "/isolated");
        return isolated.isEmpty() ? new TreeSet<>() : new TreeSet<>(NumberList.parse(isolated, "CPUs"));
    }

    /** Those of the card that are in use, and of these, if names tell, those for receiving. */
    private List<Integer> irqs(Nic nic) throws IOException {
        // Of a virtio device, whose interrupts are those of the PCI device that it is on.
        String owner = nic.folder().orElseThrow() + (nic.driver().equals("virtio_net") ? "/device/.." : "/device");
        List<Integer> all = new ArrayList<>();
        List<Integer> receiving = new ArrayList<>();
        for (String irq : host.files().list(owner + "/msi_irqs")) {
            List<String> actions = host.files().list("/proc/irq/" + irq).stream()
                    .filter(name -> host.files().isFolder("/proc/irq/" + irq + "/" + name))
                    .toList();
            if (!actions.isEmpty()) {
                all.add(Integer.valueOf(irq));
            }
            if (actions.stream().anyMatch(name -> RECEIVES.matcher(name).find())) {
                receiving.add(Integer.valueOf(irq));
            }
        }
        return (receiving.isEmpty() ? all : receiving).stream().sorted().toList();
    }

    private String affinity(int irq) throws IOException {
        String effective = "/proc/irq/" + irq + "/effective_affinity_list";
        String text = host.files().exists(effective) ? host.files().read(effective) : "";
        return text.isEmpty() ? host.files().read("/proc/irq/" + irq + "/smp_affinity_list") : text;
    }

    /** Not to the CPUs that are kept free, which are for receivers, unless there are no others. */
    private String[] spread(List<Integer> irqs) throws IOException {
        List<Integer> cpus = new ArrayList<>(host.cpus());
        cpus.removeAll(isolatedCpus());
        if (cpus.isEmpty()) {
            cpus.addAll(host.cpus());
        }
        List<String> commands = new ArrayList<>();
        for (int i = 0; i < irqs.size(); i++) {
            int cpu = cpus.get(i % cpus.size());
            commands.add("echo " + cpu + " > /proc/irq/" + irqs.get(i) + "/smp_affinity_list");
        }
        return commands.toArray(String[]::new);
    }

    private Finding numaNode(Nic nic) throws IOException {
        int node = nic.device().numaNode();
        String online = host.files().exists(NODES + "/online") ? host.files().read(NODES + "/online") : "0";
        List<Integer> nodes = NumberList.parse(online, "NUMA nodes");
        if (nodes.size() == 1) {
            return Finding.ok(Check.NUMA_NODE, "this machine has one", "");
        }
        if (node < 0) {
            return Finding.ok(Check.NUMA_NODE, "the device tells none", "");
        }
        String cpus = host.files().read(NODES + "/node" + node + "/cpulist");
        boolean near = !cpus.isEmpty()
                && NumberList.parse(cpus, "CPUs").stream().anyMatch(host.cpus()::contains);
        String found = node + ", with CPUs " + (cpus.isEmpty() ? "none" : cpus);
        return near
                ? Finding.ok(Check.NUMA_NODE, found, "Receivers are best off there: `receive --cpu`.")
                : Finding.warning(
                        Check.NUMA_NODE,
                        found,
                        "This process may run on none of these: every packet crosses over to another node.",
                        "taskset -pc " + cpus + " $$");
    }
}
