// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.BadInput;
import io.xdp4j.packet.Flow;
import io.xdp4j.schedule.ThreadPlacement;
import io.xdp4j.xdp.Attachment;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.NetDevice;
import io.xdp4j.xdp.UmemOptions;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ReceiveSettingsTest {
    private static ReceiveSettings withMtu(int bytes) {
        return with(bytes, List.of(0), 0, Placement.NONE, Idle.SPIN);
    }

    private static ReceiveSettings with(
            int mtu, List<Integer> queues, int busyPollBudget, Placement placement, String idle) {
        return new ReceiveSettings(
                new NetDevice("eth9", 9, mtu, 4, true, false, -1),
                List.of(Flow.parse("239.1.2.3:5004"), Flow.parse("239.1.2.4:5004")),
                Backend.XDP,
                new XdpSettings(
                        queues, Workers.THREADS, SocketsPer.QUEUE, 64, 64, 2_048,
                        mtu + XdpSettings.LINK_HEADER_BYTES, Mode.AUTO,
                        Attachment.LINK, 1, busyPollBudget, placement),
                1,
                8,
                new Idle.Converter().convert(idle));
    }

    /** The MTU, an Ethernet header and two VLAN tags; on the node asked for. */
    @Test
    void theUmemTakesWhatTheMtuAllows() {
        withMtu(9_000).check();
        assertEquals(new UmemOptions(2_048, 64, 64, 9_022, 16, 1, 0), withMtu(9_000).xdp().umem(16));
        withMtu(65_535).check();
    }

    @Test
    void anMtuBeyondTheLongestPacketIsRefused() {
        String message = assertThrows(BadInput.class, () -> withMtu(65_536).check()).getMessage();
        assertTrue(message.contains("the MTU of eth9 is 65536, but an IP packet has 65535 bytes at most"), message);
        assertTrue(message.contains("`ip link set eth9 mtu 9000`"), message);
    }

    private static ReceiveSettings placed(List<Integer> cpus, int priority, String idle, Integer... queues) {
        return with(1_500, List.of(queues), 0, new Placement(cpus, priority), idle);
    }

    private static ThreadPlacement on(int cpu, int priority) {
        return new ThreadPlacement(OptionalInt.of(cpu), OptionalInt.of(priority));
    }

    @Test
    void cpusAreInTheOrderOfTheQueues() {
        XdpSettings each = placed(List.of(3, 2), 7, Idle.SPIN, 1, 3).xdp();
        assertEquals(on(3, 7), each.placementOf(1));
        assertEquals(on(2, 7), each.placementOf(3));
        XdpSettings one = placed(List.of(5), 99, Idle.SPIN, 0, 1).xdp();
        assertEquals(on(5, 99), one.placementOf(0));
        assertEquals(on(5, 99), one.placementOf(1));
        assertEquals(ThreadPlacement.NONE, placed(List.of(), 0, Idle.SPIN, 0).xdp().placementOf(0));
    }

    private static String refusal(List<Integer> cpus, int priority, Integer... queues) {
        return assertThrows(BadInput.class, () -> placed(cpus, priority, Idle.SPIN, queues).check())
                .getMessage();
    }

    @Test
    void aPlacementThatCannotBeIsRefused() {
        assertEquals(
                "--cpu 2-3: there are 3 queues (0-1,3): name a CPU for each, or one for all",
                refusal(List.of(2, 3), 0, 0, 1, 3));
        assertEquals(
                "--cpu 3,2: there is 1 queue (0): name a CPU for each, or one for all", refusal(List.of(3, 2), 0, 0));
        assertEquals("--priority 100: use 1 to 99, or 0 for ordinary threads", refusal(List.of(), 100, 0));
        assertEquals("--priority -1: use 1 to 99, or 0 for ordinary threads", refusal(List.of(), -1, 0));
        placed(List.of(3), 1, Idle.SPIN, 0, 1).check();
        placed(List.of(3, 3), 99, Idle.SPIN, 0, 1).check();
    }

    @Test
    void warnsOfAReceiverThatStarvesItsCpu() {
        assertEquals(
                "--priority 5 with --idle spin starves all else on its CPU: use --idle poll, or a CPU that nothing else"
                        + " needs",
                placed(List.of(1), 5, "spin", 0).warning().orElseThrow());
        assertTrue(placed(List.of(), 1, "yield", 0).warning().isPresent());
        assertTrue(placed(List.of(1), 5, "sleep:1ms", 0).warning().isEmpty());
        assertTrue(placed(List.of(1), 5, "poll", 0).warning().isEmpty());
        assertTrue(placed(List.of(1), 0, "spin", 0).warning().isEmpty());
    }

    private static ReceiveSettings busyPolling(int budget) {
        return with(1_500, List.of(0), budget, Placement.NONE, Idle.SPIN);
    }

    @Test
    void aBudgetThatTheKernelCannotKeepIsRefused() {
        busyPolling(65_535).check();
        for (int budget : new int[] {-1, 65_536}) {
            BadInput e = assertThrows(BadInput.class, () -> busyPolling(budget).check());
            assertEquals("--busy-poll " + budget + ": use 1 to 65535, or 0 for none", e.getMessage());
        }
    }
}
