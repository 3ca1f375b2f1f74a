// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import java.io.IOException;

/** Whether this kernel can do what AF_XDP takes. */
final class KernelChecks {
    private static final KernelVersion OLDEST = new KernelVersion(5, 18, 0);

    private static final String SYS = "/sys/kernel";
    private static final String BTF = SYS + "/btf/vmlinux";
    private static final String JIT = "/proc/sys/net/core/bpf_jit_enable";

    /** There in every kernel with the system call bpf(2), in all namespaces. */
    private static final String BPF_SYSCALL = "/proc/sys/kernel/unprivileged_bpf_disabled";

    private final Host host;

    KernelChecks(Host host) {
        this.host = host;
    }

    void addTo(Findings findings) {
        findings.add(Check.LINUX, this::linux);
        findings.add(Check.AF_XDP, this::afXdp);
        findings.add(Check.BPF_JIT, this::jit);
        findings.add(Check.BTF, this::btf);
    }

    private Finding linux() {
        if (KernelVersion.of(host.release()).isAtLeast(OLDEST)) {
            return Finding.ok(Check.LINUX, host.release(), "");
        }
        return Finding.problem(
                Check.LINUX,
                host.release(),
                "AF_XDP as it is used here needs Linux " + OLDEST + ". Debian 12 and later have a newer one.",
                "apt-get install linux-image-" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64"));
    }

    /** Tried, which tells more than a configuration does. */
    private Finding afXdp() {
        if (host.refusal().isPresent()) {
            return Finding.problem(Check.AF_XDP, "cannot be used here", host.refusal().get() + ".");
        }
        if (!host.files().exists(BPF_SYSCALL) && host.files().exists("/proc/sys/kernel")) {
            return Finding.problem(
                    Check.AF_XDP,
                    "this kernel takes no BPF programs",
                    "Use one with CONFIG_BPF_SYSCALL=y, as Debian's are.");
        }
        return Finding.ok(Check.AF_XDP, "this kernel has it (CONFIG_XDP_SOCKETS, CONFIG_BPF_SYSCALL)", "");
    }

    private Finding jit() throws IOException {
        if (host.config().has("CONFIG_BPF_JIT_ALWAYS_ON").orElse(false)) {
            return Finding.ok(Check.BPF_JIT, "on, as this kernel was built (CONFIG_BPF_JIT_ALWAYS_ON)", "");
        }
        if (!host.files().exists(JIT)) {
            return host.config().has("CONFIG_BPF_JIT").orElse(true)
                    ? Finding.unknown(
                            Check.BPF_JIT,
                            "net.core.bpf_jit_enable is shown in the machine's first network namespace only",
                            "It should be 1.",
                            "nsenter --net=/proc/1/ns/net sysctl net.core.bpf_jit_enable")
                    : Finding.warning(
                            Check.BPF_JIT, "not in this kernel", "The XDP program is interpreted, which is slow.");
        }
        if (host.files().number(JIT) > 0) {
            return Finding.ok(Check.BPF_JIT, "on", "");
        }
        return Finding.warning(
                Check.BPF_JIT,
                "off",
                "The XDP program is interpreted, which costs each packet many times as much.",
                "sysctl -w net.core.bpf_jit_enable=1");
    }

    private Finding btf() {
        if (host.files().exists(BTF)) {
            return Finding.ok(Check.BTF, "there", "");
        }
        if (!host.files().exists(SYS)) {
            return Finding.unknown(Check.BTF, "/sys is not mounted", "", "mount -t sysfs sysfs /sys");
        }
        return Finding.ok(
                Check.BTF,
                "there is no " + BTF,
                "`receive --attach dispatcher` needs it (a kernel with CONFIG_DEBUG_INFO_BTF=y, as Debian's are);"
                        + " nothing else does.");
    }
}
