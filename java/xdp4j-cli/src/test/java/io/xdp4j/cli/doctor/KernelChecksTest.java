// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import static io.xdp4j.cli.doctor.HandMadeHost.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelChecksTest {
    private static final String JIT = "/proc/sys/net/core/bpf_jit_enable";

    @TempDir
    private Path root;

    private HandMadeHost host;

    @BeforeEach
    void make() throws IOException {
        host = new HandMadeHost(root)
                .with("/proc/sys/kernel/unprivileged_bpf_disabled", "2\n")
                .with(JIT, "1\n")
                .with("/sys/kernel/btf/vmlinux", "");
    }

    private Finding finding(Check check) {
        return host.finding(check, new KernelChecks(host.host())::addTo);
    }

    @Test
    void aKernelWithEverything() {
        for (Check check : List.of(Check.LINUX, Check.AF_XDP, Check.BPF_JIT, Check.BTF)) {
            assertEquals(List.of("ok"), verdict(finding(check)));
        }
    }

    @Test
    void aKernelThatIsTooOld() {
        host.release = "5.17.9";
        Finding old = finding(Check.LINUX);
        assertEquals(Verdict.PROBLEM, old.verdict());
        assertTrue(old.mend().get(0).startsWith("apt-get install linux-image-"), old.toString());
        host.release = "5.18.0";
        assertEquals(Verdict.OK, finding(Check.LINUX).verdict());
        host.release = "rolling";
        assertEquals(Verdict.UNKNOWN, finding(Check.LINUX).verdict());
    }

    @Test
    void aKernelWithoutAfXdp() {
        host.refusal = Optional.of("use one with CONFIG_XDP_SOCKETS=y");
        assertEquals(Verdict.PROBLEM, finding(Check.AF_XDP).verdict());
        assertEquals("use one with CONFIG_XDP_SOCKETS=y.", finding(Check.AF_XDP).meaning());
    }

    @Test
    void aKernelWithoutBpf(@TempDir Path other) throws IOException {
        host = new HandMadeHost(other).withFolder("/proc/sys/kernel");
        assertEquals(Verdict.PROBLEM, finding(Check.AF_XDP).verdict());
    }

    @Test
    void theJit() throws IOException {
        host.with(JIT, "0\n");
        assertEquals(List.of("warning", "sysctl -w net.core.bpf_jit_enable=1"), verdict(finding(Check.BPF_JIT)));
        host.with(JIT, "2\n"); // with a trace
        assertEquals(Verdict.OK, finding(Check.BPF_JIT).verdict());
    }

    /** Where the setting is not shown: it is the machine's, and other network namespaces do not have it. */
    @Test
    void theJitInANetworkNamespace(@TempDir Path other) throws IOException {
        host = new HandMadeHost(other);
        host.config = "CONFIG_BPF_JIT=y";
        assertEquals(
                List.of("unknown", "nsenter --net=/proc/1/ns/net sysctl net.core.bpf_jit_enable"),
                verdict(finding(Check.BPF_JIT)));
        host.config = "CONFIG_BPF_JIT=y\nCONFIG_BPF_JIT_ALWAYS_ON=y";
        assertEquals(Verdict.OK, finding(Check.BPF_JIT).verdict());
        host.config = "# CONFIG_BPF_JIT is not set";
        assertEquals(Verdict.WARNING, finding(Check.BPF_JIT).verdict());
    }

    @Test
    void aKernelWithoutBtf(@TempDir Path other) throws IOException {
        host = new HandMadeHost(other).withFolder("/sys/kernel");
        assertEquals(List.of("ok"), verdict(finding(Check.BTF)));
        assertTrue(finding(Check.BTF).meaning().contains("CONFIG_DEBUG_INFO_BTF=y"));
    }

    @Test
    void withoutSysfs(@TempDir Path other) {
        host = new HandMadeHost(other);
        assertEquals(List.of("unknown", "mount -t sysfs sysfs /sys"), verdict(finding(Check.BTF)));
    }
}
