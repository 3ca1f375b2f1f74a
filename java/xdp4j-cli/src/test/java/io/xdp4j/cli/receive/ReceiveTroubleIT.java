// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.PinnedSender;
import io.xdp4j.packet.Flow;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code receive} on several queues cannot have, and what is taken from it while it runs. */
@Tag("integration")
@Timeout(180)
class ReceiveTroubleIT {
    private static final String FLOW = "239.1.2.3:5004";
    private static final String GROUP = "239.1.2.3";
    private static final int QUEUES = 4;

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(QUEUES);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--queue 0-4 | --queue 0-4: rx0 has queues 0 to 3 (ethtool -l rx0)",
                "--queue 7 | --queue 7: rx0 has queues 0 to 3",
                "--queue 2-1 | '2-1' ends before it begins: use 1-2",
                "--queue 0,,1 | '0,,1' is no list of queues: use all, or for example 0 or 0,2-3",
                "--workers fork | 'fork'",
                "--sockets-per packet | 'packet'",
                "--attach glue | 'glue' is none of link and dispatcher",
                "--backend raw --workers threads | --workers means nothing to --backend raw: leave it out, or use xdp",
            })
    void badOptionsAreRefused(String options, String message) throws Exception {
        String said = Receive.refused(("--flow " + FLOW + " " + options).split(" "));
        assertTrue(said.contains(message), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void whatOthersHaveIsRefused(String workers) throws Exception {
        try (Receive other = Receive.ready("--flow", "239.1.2.9:5004", "--queue", "1")) {
            String said = Receive.refused("--flow", FLOW, "--workers", workers);
            assertTrue(said.contains("queue 1 of rx0 is taken by another AF_XDP socket"), said);
            assertFalse(Cable.isJoined(GROUP));

            int program = other.status().program();
            said = Receive.refused("--flow", FLOW, "--workers", workers, "--queue", "2-3");
            assertTrue(said.contains("rx0 has an XDP program already (steer, id " + program + ")"), said);
            assertFalse(Cable.isJoined(GROUP));

            other.terminated();
        }
        Cable.run("ip", "link", "set", Cable.RX, "down");
        String said = Receive.refused("--flow", FLOW, "--workers", workers);
        assertTrue(said.contains("interface rx0 is down: ip link set rx0 up"), said);
        Cable.run("ip", "link", "set", Cable.RX, "up");
        try (Receive receive = Receive.ready("--flow", FLOW, "--workers", workers)) {
            receive.terminated();
        }
        Cable.holdsNothing(GROUP);
    }

    /** Where libxdp's dispatcher loads it is used, and leaves nothing; where not, that is said. */
    @Test
    void aDispatcherThatTheKernelRefusesIsSaid() throws Exception {
        try (Receive receive = Receive.starting("--flow", FLOW, "--attach", "dispatcher", "--seconds", "1")) {
            int exitCode = receive.program.exitCode();
            assertFalse(receive.words().contains("\tat "), receive.words());
            if (exitCode != 0) {
                assertEquals(2, exitCode, receive.words());
                assertEquals(1, receive.words().lines().count(), receive.words());
                assertTrue(receive.words().contains("attach by a link"), receive.words());
            }
            assertTrue(receive.program.leavesNoProcess(), "a process is left");
        }
        Cable.holdsNothing(GROUP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void anInterfaceThatGoesDownAndComesBack(String workers) throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--workers", workers)) {
            Cable.run("ip", "link", "set", Cable.RX, "down");
            receive.awaitSaid("warning: interface rx0 is down: ip link set rx0 up");
            Cable.run("ip", "link", "set", Cable.RX, "up");
            receive.awaitSaid("warning: interface rx0 is up again");
            try (PinnedSender sender = PinnedSender.start(0, 20_000, Flow.parse(FLOW))) {
                sender.awaitMore(5_000);
                sender.hop(1);
                sender.awaitMore(5_000);
                long sent = sender.stop().get(0);
                Receive.assertWhole(sent, receive.terminated(), FLOW);
            }
            assertTrue(receive.program.err().contains("interface rx0 is down"), receive.program.err());
        }
        Cable.holdsNothing(GROUP);
    }

    /** The exit code tells that something went wrong on the way. */
    @Test
    void aMishapOnTheWayIsInTheExitCode() throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--seconds", "4")) {
            Cable.run("ip", "link", "set", Cable.RX, "down");
            receive.awaitSaid("warning: interface rx0 is down");
            Cable.run("ip", "link", "set", Cable.RX, "up");
            receive.ended(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void otherQueueCountsAreSaid(String workers) throws Exception {
        Cable.run("ethtool", "-L", Cable.RX, "rx", "2", "tx", "2");
        Cable.run("ethtool", "-L", Cable.TX, "rx", "2", "tx", "2");
        try (Receive receive = Receive.ready("--flow", FLOW, "--workers", workers);
                PinnedSender sender = PinnedSender.start(0, 20_000, Flow.parse(FLOW))) {
            assertEquals(2, receive.status().queues().size());
            Cable.run("ethtool", "-L", Cable.RX, "rx", "4", "tx", "2");
            receive.awaitSaid("warning: interface rx0 has 4 RX queues now, and had 2: start again");
            sender.awaitMore(5_000);
            sender.hop(1);
            sender.awaitMore(5_000);
            long sent = sender.stop().get(0);
            Receive.assertWhole(sent, receive.terminated(), FLOW);
        }
        Cable.holdsNothing(GROUP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void anInterfaceThatIsDeletedEndsItInOrder(String workers) throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--workers", workers);
                PinnedSender sender = PinnedSender.start(0, 20_000, Flow.parse(FLOW))) {
            sender.awaitMore(5_000);
            long sent = sender.stop().get(0);
            Cable.run("ip", "link", "del", Cable.RX);
            JsonNode report = receive.ended(1);
            Receive.assertWhole(sent, report, FLOW);
            assertTrue(receive.program.err().contains("interface rx0 is gone"), receive.program.err());
        }
        cable.plug(); // another of the same name is free of it
        try (Receive receive = Receive.ready("--flow", FLOW, "--workers", workers)) {
            receive.terminated();
        }
        Cable.holdsNothing(GROUP);
    }
}
