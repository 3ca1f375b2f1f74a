// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import static io.xdp4j.cli.doctor.HandMadeHost.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuChecksTest {
    private static final String CPUS = "/sys/devices/system/cpu";
    private static final String NODES = "/sys/devices/system/node";

    @TempDir
    private Path root;

    private HandMadeHost host;

    @BeforeEach
    void make() throws IOException {
        host = new HandMadeHost(root).with("/proc/1/comm", "systemd\n").with(NODES + "/online", "0\n");
    }

    private Finding finding(Check check) {
        return host.finding(check, new CpuChecks(host.host(), Optional.of(host.nic()))::addTo);
    }

    /** A card with an interrupt for each of its two queues, and one for the rest. */
    private void withInterrupts(String cpuOfFirst, String cpuOfSecond) throws IOException {
        host.withFolder(HandMadeHost.ETH1 + "/device");
        withInterrupt(64, "eth1-TxRx-0", cpuOfFirst);
        withInterrupt(65, "eth1-TxRx-1", cpuOfSecond);
        withInterrupt(66, "eth1", "0");
        host.with(HandMadeHost.ETH1 + "/device/msi_irqs/67", "msix\n"); // reserved
        host.with("/proc/irq/67/effective_affinity_list", "3\n");
    }

    private void withInterrupt(int irq, String action, String cpu) throws IOException {
        host.with(HandMadeHost.ETH1 + "/device/msi_irqs/" + irq, "msix\n")
                .withFolder("/proc/irq/" + irq + "/" + action)
                .with("/proc/irq/" + irq + "/effective_affinity_list", cpu + "\n");
    }

    @Test
    void theGovernor() throws IOException {
        assertEquals("not this system's to set", finding(Check.GOVERNOR).found());
        for (int cpu = 0; cpu < 4; cpu++) {
            host.with(CPUS + "/cpu" + cpu + "/cpufreq/scaling_governor", "performance\n");
        }
        assertEquals(List.of("ok"), verdict(finding(Check.GOVERNOR)));
        host.with(CPUS + "/cpu3/cpufreq/scaling_governor", "powersave\n");
        assertEquals(
                List.of("warning", "echo performance | tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor"),
                verdict(finding(Check.GOVERNOR)));
        host.cpus = List.of(0, 1, 2); // this process does not use the other one
        assertEquals(List.of("ok"), verdict(finding(Check.GOVERNOR)));
    }

    @Test
    void cpusKeptFree() throws IOException {
        host.with(CPUS + "/isolated", "\n").with(CPUS + "/nohz_full", "(null)\n");
        assertEquals("isolcpus none, nohz_full none", finding(Check.ISOLATED_CPUS).found());
        host.with(CPUS + "/isolated", "2-3\n").with(CPUS + "/nohz_full", "2-3\n");
        assertEquals("isolcpus 2-3, nohz_full 2-3", finding(Check.ISOLATED_CPUS).found());
        assertTrue(finding(Check.ISOLATED_CPUS).meaning().contains("--cpu 2-3"));
    }

    @Test
    void irqbalance() throws IOException {
        assertEquals("not running", finding(Check.IRQBALANCE).found());
        host.with("/proc/811/comm", "irqbalance\n");
        assertEquals("running", finding(Check.IRQBALANCE).found());
    }

    @Test
    void interruptsOnSeveralCpus() throws IOException {
        withInterrupts("1", "2");
        assertEquals("2 for receiving, on CPU 1-2", finding(Check.INTERRUPTS).found());
        assertEquals(List.of("ok"), verdict(finding(Check.INTERRUPTS)));
    }

    @Test
    void interruptsOnOneCpu() throws IOException {
        withInterrupts("2", "2");
        assertEquals(
                List.of(
                        "warning",
                        "echo 0 > /proc/irq/64/smp_affinity_list",
                        "echo 1 > /proc/irq/65/smp_affinity_list"),
                verdict(finding(Check.INTERRUPTS)));
        host.cpus = List.of(2);
        assertEquals(List.of("ok"), verdict(finding(Check.INTERRUPTS)));
    }

    @Test
    void interruptsKeepAwayFromCpusKeptFree() throws IOException {
        withInterrupts("2", "2");
        host.with(CPUS + "/isolated", "0,3\n");
        assertEquals(
                List.of(
                        "warning",
                        "echo 1 > /proc/irq/64/smp_affinity_list",
                        "echo 2 > /proc/irq/65/smp_affinity_list"),
                verdict(finding(Check.INTERRUPTS)));
    }

    @Test
    void aReceiversCpu() throws IOException {
        withInterrupts("2", "3");
        assertEquals(OptionalInt.of(1), receiversCpu());
        host.with(CPUS + "/isolated", "4-5\n"); // which are not among those of an ordinary process
        assertEquals(OptionalInt.of(5), receiversCpu());
        host.with(CPUS + "/isolated", "2-3\n");
        assertEquals(OptionalInt.of(1), receiversCpu());
        host.cpus = List.of(2, 3);
        assertEquals(OptionalInt.empty(), receiversCpu());
    }

    private OptionalInt receiversCpu() {
        return new CpuChecks(host.host(), Optional.of(host.nic())).receiversCpu();
    }

    /** Older kernels tell only where an interrupt may go. */
    @Test
    void interruptsOfAnOlderKernel() throws IOException {
        withInterrupts("", "");
        host.with("/proc/irq/64/smp_affinity_list", "0-3\n").with("/proc/irq/65/smp_affinity_list", "0-3\n");
        assertEquals("2 for receiving, on CPU 0-3", finding(Check.INTERRUPTS).found());
    }

    /** As Linux 6.18 shows a virtio card: the device is one of the PCI device that has the interrupts. */
    @Test
    void interruptsOfAVirtioDevice() throws IOException {
        host.driver = "virtio_net";
        host.withFolder(HandMadeHost.ETH1 + "/device");
        for (String irq : List.of("37", "38", "39")) {
            host.with(HandMadeHost.ETH1 + "/msi_irqs/" + irq, "msix\n"); // here device/.. is no link
            host.with("/proc/irq/" + irq + "/effective_affinity_list", irq.equals("38") ? "1\n" : "0\n");
        }
        host.withFolder("/proc/irq/37/virtio2-config");
        host.withFolder("/proc/irq/38/virtio2-input.0");
        host.withFolder("/proc/irq/39/virtio2-output.0");
        assertEquals("1 for receiving, on CPU 1", finding(Check.INTERRUPTS).found());
    }

    @Test
    void withoutInterrupts() throws IOException {
        host.withFolder(HandMadeHost.ETH1);
        assertEquals(List.of("ok"), verdict(finding(Check.INTERRUPTS)));
        host.withFolder(HandMadeHost.ETH1 + "/device");
        assertEquals(List.of("unknown"), verdict(finding(Check.INTERRUPTS)));
        host.inSysfs = false;
        assertEquals(List.of("unknown", "mount -t sysfs sysfs /sys"), verdict(finding(Check.INTERRUPTS)));
    }

    @Test
    void numaNodes() throws IOException {
        assertEquals("this machine has one", finding(Check.NUMA_NODE).found());
        host.with(NODES + "/online", "0-1\n").with(NODES + "/node1/cpulist", "2-3,6-7\n");
        assertEquals("the device tells none", finding(Check.NUMA_NODE).found());
        host.numaNode = 1;
        assertEquals("1, with CPUs 2-3,6-7", finding(Check.NUMA_NODE).found());
        assertEquals(List.of("ok"), verdict(finding(Check.NUMA_NODE)));
        host.cpus = List.of(0, 1);
        assertEquals(List.of("warning", "taskset -pc 2-3,6-7 $$"), verdict(finding(Check.NUMA_NODE)));
    }

    @Test
    void withoutAnInterface() {
        Findings findings = new Findings(host.host());
        new CpuChecks(host.host(), Optional.empty()).addTo(findings);
        assertEquals(
                List.of(Check.GOVERNOR, Check.ISOLATED_CPUS, Check.IRQBALANCE),
                findings.all().stream().map(Finding::check).toList());
    }
}
