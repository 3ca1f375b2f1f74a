// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import io.xdp4j.cli.Figures;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.UmemOptions;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;

/** Whether this process may receive by AF_XDP, and finds what it needs for that. */
final class ProcessChecks {
    private static final String LIMITS = "/proc/self/limits";
    private static final String LOCKED = "Max locked memory";
    private static final String USERS = "/proc/self/uid_map";
    private static final String MOUNTS = "/proc/self/mounts";
    private static final String BPFFS = "/sys/fs/bpf";

    /** What the kernel shows of the tracepoint that the ledger counts by, where it is looked for in this order. */
    private static final List<String> TRACEPOINT = List.of(
            "/sys/kernel/tracing/events/xdp/xdp_redirect_err/id",
            "/sys/kernel/debug/tracing/events/xdp/xdp_redirect_err/id");

    private static final long FRAMES_BYTES = (long) Umem.DEFAULT_RING * UmemOptions.DEFAULT.frameSize();
    private static final long HUGE_PAGE_BYTES = 2 << 20;

    private final Host host;
    private final int queues;
    private final int numaNode;

    /**
     * @param queues that are to be received from
     * @param numaNode where the frames are to be; -1: anywhere
     */
    ProcessChecks(Host host, int queues, int numaNode) {
        this.host = host;
        this.queues = queues;
        this.numaNode = numaNode;
    }

    void addTo(Findings findings) {
        findings.add(Check.CAPABILITIES, this::capabilities);
        findings.add(Check.CAP_PERFMON, this::perfmon);
        findings.add(Check.CAP_SYS_NICE, this::sysNice);
        findings.add(Check.LOCKED_MEMORY, this::lockedMemory);
        findings.add(Check.HUGE_PAGES, this::hugePages);
        findings.add(Check.BPFFS, this::bpffs);
        findings.add(Check.TRACEFS, this::tracefs);
    }

    private Finding capabilities() throws IOException {
        List<String> missing = new ArrayList<>();
        for (String needed : List.of("CAP_NET_RAW", "CAP_NET_ADMIN", "CAP_BPF")) {
            if (!host.may(needed, needed.equals("CAP_BPF") ? "CAP_SYS_ADMIN" : needed)) {
                missing.add(needed);
            }
        }
        if (!missing.isEmpty()) {
            return Finding.problem(
                    Check.CAPABILITIES,
                    "without " + String.join(", ", missing),
                    "AF_XDP cannot be used like this; of the ordinary sockets recvmmsg and nio can."
                            + remedy());
        }
        if (!host.files().read(USERS).matches("0\\s+0\\s+4294967295")) {
            return Finding.problem(
                    Check.CAPABILITIES,
                    "those of a user namespace (" + USERS + ")",
                    "The kernel takes BPF programs from its first user namespace only: a container must not have one"
                            + " of its own.");
        }
        return Finding.ok(Check.CAPABILITIES, "CAP_NET_RAW, CAP_NET_ADMIN and CAP_BPF are there", "");
    }

    private Finding perfmon() {
        if (host.may("CAP_PERFMON", "CAP_SYS_ADMIN")) {
            return Finding.ok(Check.CAP_PERFMON, "there", "");
        }
        return Finding.warning(
                Check.CAP_PERFMON,
                "not there",
                "Redirects that the kernel refuses cannot be told, and the XDP program is slower." + remedy());
    }

    /** No command of a shell gives a process what it has not. */
    private String remedy() {
        return host.root()
                ? " The container or the service gives root less than all: add them there."
                : " Run `receive` as root (sudo), or by a service that gives it them (AmbientCapabilities= of systemd,"
                        + " docs/getting-started.md).";
    }

    private Finding sysNice() {
        return host.may("CAP_SYS_NICE", "CAP_SYS_NICE")
                ? Finding.ok(Check.CAP_SYS_NICE, "there, for `receive --priority`", "")
                : Finding.ok(
                        Check.CAP_SYS_NICE, "not there", "`receive --priority` is refused; nothing else needs it.");
    }

    /** What a user's sockets may have together; a process with CAP_IPC_LOCK is not counted. */
    private Finding lockedMemory() throws IOException {
        if (host.may("CAP_IPC_LOCK", "CAP_IPC_LOCK")) {
            return Finding.ok(Check.LOCKED_MEMORY, "without limit, by CAP_IPC_LOCK", "");
        }
        String soft = host.files().lines(LIMITS).stream()
                .filter(line -> line.startsWith(LOCKED))
                .map(line -> line.substring(LOCKED.length()).strip().split("\\s+")[0])
                .findFirst()
                .orElseThrow(() -> new IOException(LIMITS + " has no " + LOCKED));
        long needed = queues * FRAMES_BYTES;
        if (soft.equals("unlimited")) {
            return Finding.ok(Check.LOCKED_MEMORY, "without limit", "");
        }
        String found = Figures.count(Long.parseLong(soft) >> 10) + " KiB, and no CAP_IPC_LOCK";
        if (Long.parseLong(soft) >= needed) {
            return Finding.ok(Check.LOCKED_MEMORY, found, "");
        }
        return Finding.problem(
                Check.LOCKED_MEMORY,
                found,
                "The frames of " + queues(queues) + " are " + Figures.count(needed >> 10) + " KiB: their memory is"
                        + " refused." + (host.root() ? "" : remedy()),
                host.root() ? new String[] {"prlimit --pid $$ --memlock=unlimited:unlimited"} : new String[0]);
    }

    /** As the UMEM reckons it when it does not get them. */
    private Finding hugePages() throws IOException {
        String pool = numaNode < 0
                ? "/sys/kernel/mm/hugepages/hugepages-2048kB"
                : "/sys/devices/system/node/node" + numaNode + "/hugepages/hugepages-2048kB";
        long needed = queues * FRAMES_BYTES / HUGE_PAGE_BYTES;
        if (!host.files().exists(pool)) {
            return Finding.warning(
                    Check.HUGE_PAGES,
                    "there is no " + pool,
                    "The frames are on small pages, which costs a little: a kernel with CONFIG_HUGETLBFS has others.");
        }
        long total = host.files().number(pool + "/nr_hugepages");
        long claimed = host.files().number(pool + "/resv_hugepages", 0); // of all nodes: one node has no such file
        long free = host.files().number(pool + "/free_hugepages") - Math.max(claimed, 0);
        String found = Figures.count(free) + " free, of 2 MiB each" + (numaNode < 0 ? "" : " on NUMA node " + numaNode);
        String meaning = "The frames of " + queues(queues) + " take " + Figures.count(needed) + ".";
        if (free >= needed) {
            return Finding.ok(Check.HUGE_PAGES, found, meaning);
        }
        return Finding.warning(
                Check.HUGE_PAGES,
                found,
                meaning + " They are on small pages now, which costs a little.",
                "echo " + (total + needed - free) + " > " + pool + "/nr_hugepages");
    }

    private static String queues(int queues) {
        return queues == 1 ? "a queue" : queues + " queues";
    }

    private Finding bpffs() throws IOException {
        if (isMounted("bpf", BPFFS)) {
            return Finding.ok(Check.BPFFS, "at " + BPFFS, "");
        }
        return Finding.ok(
                Check.BPFFS,
                "not mounted at " + BPFFS,
                "`receive --attach dispatcher` needs it (`mount -t bpf bpf " + BPFFS + "`); nothing else does.");
    }

    private boolean isMounted(String type, String folder) throws IOException {
        return host.files().lines(MOUNTS).stream()
                .map(line -> line.split(" "))
                .anyMatch(mount -> mount.length > 2 && mount[1].equals(folder) && mount[2].equals(type));
    }

    private Finding tracefs() throws IOException {
        for (String file : TRACEPOINT) {
            try {
                if (host.files().exists(file)) {
                    host.files().read(file);
                    return Finding.ok(Check.TRACEFS, "the tracepoint xdp:xdp_redirect_err can be read", "");
                }
            } catch (AccessDeniedException e) {
                return refusedTracefs();
            }
        }
        if (isMounted("tracefs", "/sys/kernel/tracing")) {
            return refusedTracefs(); // its folder is root's, so that nobody else sees what is in it
        }
        return Finding.warning(
                Check.TRACEFS,
                "not mounted",
                "Redirects that the kernel refuses cannot be told.",
                "mount -t tracefs tracefs /sys/kernel/tracing");
    }

    private Finding refusedTracefs() {
        return Finding.warning(
                Check.TRACEFS,
                host.root() ? "it has no xdp:xdp_redirect_err" : "xdp:xdp_redirect_err may not be read by this user",
                "Redirects that the kernel refuses cannot be told."
                        + (host.root() ? "" : " Run `receive` as root (sudo)."));
    }
}
