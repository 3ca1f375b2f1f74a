// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import static io.xdp4j.cli.doctor.HandMadeHost.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingsTest {
    @TempDir
    private Path root;

    private HandMadeHost host;

    @BeforeEach
    void make() {
        host = new HandMadeHost(root);
    }

    private Finding unknown(IOException failure) {
        return host.finding(Check.BTF, findings -> findings.add(Check.BTF, () -> {
            throw failure;
        }));
    }

    @Test
    void whatOnlyRootMayReadIsToBeReadAsRoot() {
        host.isRoot = false;
        assertEquals(List.of("unknown", HandMadeHost.AGAIN), verdict(unknown(new AccessDeniedException("/x"))));
        assertEquals("/x may not be read by this user", unknown(new AccessDeniedException("/x")).found());
    }

    @Test
    void whatIsNotThereIsUnknown() {
        assertEquals(List.of("unknown"), verdict(unknown(new NoSuchFileException("/x"))));
        assertEquals("there is no /x", unknown(new NoSuchFileException("/x")).found());
    }

    @Test
    void whatIsNoNumberIsUnknown() throws IOException {
        host.with("/proc/sys/net/ipv4/igmp_max_memberships", "many\n");
        Finding finding = host.finding(
                Check.MEMBERSHIPS,
                findings -> findings.add(Check.MEMBERSHIPS, () -> MulticastChecks.memberships(host.host())));
        assertEquals(List.of("unknown"), verdict(finding));
    }
}
