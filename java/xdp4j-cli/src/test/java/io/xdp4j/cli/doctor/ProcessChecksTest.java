// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import static io.xdp4j.cli.doctor.HandMadeHost.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessChecksTest {
    private static final String POOL = "/sys/kernel/mm/hugepages/hugepages-2048kB";
    private static final String NODE_POOL = "/sys/devices/system/node/node1/hugepages/hugepages-2048kB";
    private static final String TRACEPOINT = "/sys/kernel/tracing/events/xdp/xdp_redirect_err/id";

    @TempDir
    private Path root;

    private HandMadeHost host;

    @BeforeEach
    void make() throws IOException {
        host = new HandMadeHost(root)
                .with("/proc/self/uid_map", "         0          0 4294967295\n")
                .with("/proc/self/mounts", "bpf /sys/fs/bpf bpf rw,relatime 0 0\n")
                .with(POOL + "/nr_hugepages", "40\n")
                .with(POOL + "/free_hugepages", "32\n")
                .with(TRACEPOINT, "385\n");
    }

    private Finding finding(Check check, int queues, int node) {
        return host.finding(check, new ProcessChecks(host.host(), queues, node)::addTo);
    }

    private Finding finding(Check check) {
        return finding(check, 1, -1);
    }

    /** {@code /proc/self/limits} of Linux. */
    private static String limits(String soft) {
        return "Limit                     Soft Limit           Hard Limit           Units     \n"
                + "Max processes             15000                15000                processes \n"
                + "Max locked memory         " + soft + "              8388608              bytes     \n";
    }

    @Test
    void aProcessThatMayEverything() {
        for (Check check : List.of(Check.CAPABILITIES, Check.CAP_PERFMON, Check.CAP_SYS_NICE, Check.LOCKED_MEMORY,
                Check.HUGE_PAGES, Check.BPFFS, Check.TRACEFS)) {
            assertEquals(List.of("ok"), verdict(finding(check)), check.toString());
        }
    }

    @Test
    void theOlderCapabilityHasTheYoungerOnesInIt() {
        host.capabilities = Set.of("CAP_NET_RAW", "CAP_NET_ADMIN", "CAP_SYS_ADMIN", "CAP_IPC_LOCK");
        assertEquals(Verdict.OK, finding(Check.CAPABILITIES).verdict());
        assertEquals(Verdict.OK, finding(Check.CAP_PERFMON).verdict());
    }

    @Test
    void missingCapabilitiesAreNamed() {
        host.isRoot = false;
        host.capabilities = Set.of("CAP_NET_RAW", "CAP_IPC_LOCK");
        Finding missing = finding(Check.CAPABILITIES);
        assertEquals(List.of("problem"), verdict(missing));
        assertTrue(missing.meaning().contains("AmbientCapabilities="), missing.meaning());
        assertEquals("without CAP_NET_ADMIN, CAP_BPF", missing.found());
        assertEquals(List.of("warning"), verdict(finding(Check.CAP_PERFMON)));
        assertEquals(List.of("ok"), verdict(finding(Check.CAP_SYS_NICE))); // nothing needs it by default
    }

    /** As in a container: sudo would not help. */
    @Test
    void aRootThatMayNotAll() {
        host.capabilities = Set.of("CAP_NET_RAW", "CAP_NET_ADMIN");
        assertEquals(List.of("problem"), verdict(finding(Check.CAPABILITIES)));
        assertTrue(finding(Check.CAPABILITIES).meaning().contains("container"));
    }

    @Test
    void aUserNamespaceOfItsOwn() throws IOException {
        host.with("/proc/self/uid_map", "         0       1000          1\n");
        assertEquals(Verdict.PROBLEM, finding(Check.CAPABILITIES).verdict());
    }

    /** 32,768 frames of 2,048 bytes are 64 MiB: 67,108,864 bytes. */
    @Test
    void lockedMemoryHoldsTheFramesOfAllQueues() throws IOException {
        host.capabilities = Set.of("CAP_NET_RAW", "CAP_NET_ADMIN", "CAP_BPF");
        host.with("/proc/self/limits", limits("67108864"));
        assertEquals(Verdict.OK, finding(Check.LOCKED_MEMORY, 1, -1).verdict());
        assertEquals(
                List.of("problem", "prlimit --pid $$ --memlock=unlimited:unlimited"),
                verdict(finding(Check.LOCKED_MEMORY, 2, -1)));
        host.isRoot = false; // whose shell's limit is not this process's
        assertEquals(List.of("problem"), verdict(finding(Check.LOCKED_MEMORY, 2, -1)));
        host.with("/proc/self/limits", limits("67108863"));
        assertEquals(Verdict.PROBLEM, finding(Check.LOCKED_MEMORY, 1, -1).verdict());
        host.with("/proc/self/limits", limits("unlimited"));
        assertEquals(Verdict.OK, finding(Check.LOCKED_MEMORY, 64, -1).verdict());
    }

    /** 64 MiB are 32 pages of 2 MiB. */
    @Test
    void hugePagesHoldTheFramesOfAllQueues() throws IOException {
        assertEquals(Verdict.OK, finding(Check.HUGE_PAGES, 1, -1).verdict());
        assertEquals(
                List.of("warning", "echo 72 > " + POOL + "/nr_hugepages"), // 40, and 64 less the 32 that are free
                verdict(finding(Check.HUGE_PAGES, 2, -1)));
        host.with(POOL + "/resv_hugepages", "5\n");
        assertEquals(
                List.of("warning", "echo 45 > " + POOL + "/nr_hugepages"), verdict(finding(Check.HUGE_PAGES, 1, -1)));
        host.with(POOL + "/resv_hugepages", "18446744073709551615\n"); // -1
        assertEquals(Verdict.OK, finding(Check.HUGE_PAGES, 1, -1).verdict());
    }

    @Test
    void hugePagesOfANode() throws IOException {
        host.with(NODE_POOL + "/nr_hugepages", "0\n").with(NODE_POOL + "/free_hugepages", "0\n");
        assertEquals(
                List.of("warning", "echo 32 > " + NODE_POOL + "/nr_hugepages"),
                verdict(finding(Check.HUGE_PAGES, 1, 1)));
        assertEquals(List.of("warning"), verdict(finding(Check.HUGE_PAGES, 1, 2))); // no such pool
    }

    @Test
    void whatIsNotMounted(@TempDir Path other) throws IOException {
        host = new HandMadeHost(other)
                .with("/proc/self/mounts", "bpf /other/bpf bpf rw 0 0\nsysfs /sys sysfs rw 0 0\n");
        assertEquals(List.of("ok"), verdict(finding(Check.BPFFS))); // of one option alone
        assertTrue(finding(Check.BPFFS).meaning().contains("`mount -t bpf bpf /sys/fs/bpf`"));
        assertEquals(
                List.of("warning", "mount -t tracefs tracefs /sys/kernel/tracing"), verdict(finding(Check.TRACEFS)));
    }

    /** Nobody but root sees into its folder. */
    @Test
    void tracefsOfRoot(@TempDir Path other) throws IOException {
        host = new HandMadeHost(other).with("/proc/self/mounts", "tracefs /sys/kernel/tracing tracefs rw 0 0\n");
        host.isRoot = false;
        assertEquals(List.of("warning"), verdict(finding(Check.TRACEFS)));
        assertTrue(finding(Check.TRACEFS).meaning().contains("as root"));
    }
}
