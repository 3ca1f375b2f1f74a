// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import static io.xdp4j.cli.doctor.HandMadeHost.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.status.RunStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The links are as bpftool 7 prints them; the interface's index is 7. */
class ProgramCheckTest {
    private static final int PROGRAM = 4_711;
    private static final String SHOW = "bpftool prog show id 4711";
    private static final RunStatus RUN = new RunStatus(
            12_345,
            "2026-01-01T00:00:00Z",
            "xdp",
            "eth1",
            new RunStatus.XdpStatus("native", "link", PROGRAM, "threads", List.of(), null, null, List.of()),
            List.of());

    @TempDir
    private Path root;

    private HandMadeHost host;
    private ToolOutput links = new ToolOutput(0, "[]");

    @BeforeEach
    void make() {
        host = new HandMadeHost(root);
        host.nativeProgram = PROGRAM;
    }

    private Finding finding(RunStatus... runs) throws IOException {
        return new ProgramCheck(host.nic(), List.of(runs), command -> links).look();
    }

    private static ToolOutput link(int interfaceIndex, String pids) {
        return new ToolOutput(0, "[{\"id\":12,\"type\":\"xdp\",\"prog_id\":4711,\"devname\":\"eth1\",\"ifindex\":"
                + interfaceIndex + pids + "}]");
    }

    @Test
    void noProgram() throws IOException {
        host.nativeProgram = 0;
        assertEquals(List.of("ok"), verdict(finding()));
    }

    @Test
    void oneThatIsAttachedByItsNumberCanBeTakenOff() throws IOException {
        assertEquals(
                List.of("problem", "bpftool net show dev eth1", SHOW, "ip link set eth1 xdpdrv off"),
                verdict(finding()));
        assertTrue(finding().disruptive());
        host.nativeProgram = 0;
        host.genericProgram = PROGRAM;
        host.programName = "tc_monitor";
        assertEquals(
                List.of("problem", "bpftool net show dev eth1", SHOW, "ip link set eth1 xdpgeneric off"),
                verdict(finding()));
        assertEquals("somebody else's, generic (tc_monitor, id 4711)", finding().found());
        links = link(8, ""); // of another interface
        assertEquals(4, verdict(finding()).size());
    }

    /** The kernel answers EBUSY to {@code ip link set eth1 xdpdrv off} then. */
    @Test
    void oneThatALinkHoldsIsItsOwnersToEnd() throws IOException {
        links = link(7, ",\"pids\":[{\"pid\":815,\"comm\":\"xdp-filterd\"}]");
        assertEquals(List.of("problem", "bpftool link show id 12", SHOW), verdict(finding()));
        assertTrue(finding().meaning().endsWith(" end xdp-filterd (pid 815)."), finding().meaning());
        assertFalse(finding().disruptive());
        links = link(7, "");
        assertEquals(List.of("problem", "bpftool link show id 12", SHOW), verdict(finding()));
    }

    @Test
    void whereLinksCannotBeSeenNothingIsTakenOff() throws IOException {
        links = ToolOutput.of("no-such-program-anywhere");
        assertEquals(List.of("problem", SHOW, "bpftool link list"), verdict(finding()));
    }

    @Test
    void libxdpsDispatcher() throws IOException {
        host.programName = "xdp_dispatcher";
        assertEquals(List.of("warning"), verdict(finding()));
    }

    @Test
    void ourOwnProgram() throws IOException {
        assertEquals(List.of("ok"), verdict(finding(RUN)));
        assertTrue(finding(RUN).found().contains("pid 12345"));
        host.nativeProgram = PROGRAM + 1;
        assertEquals(Verdict.PROBLEM, finding(RUN).verdict());
    }
}
