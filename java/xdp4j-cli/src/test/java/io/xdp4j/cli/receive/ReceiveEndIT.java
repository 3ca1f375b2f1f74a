// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.PinnedSender;
import io.xdp4j.cli.Program;
import io.xdp4j.packet.Flow;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@code receive} on several queues ends when it is told to. */
@Tag("integration")
@Timeout(180)
class ReceiveEndIT {
    private static final String FLOW = "239.1.2.3:5004";
    private static final String GROUP = "239.1.2.3";

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(2);

    /** What waits in the rings when the signal comes is delivered: with an idle sleep of 200 ms that is much. */
    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void sigtermDrains(String workers) throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--workers", workers, "--idle", "sleep:200ms");
                PinnedSender sender = PinnedSender.start(0, 20_000, Flow.parse(FLOW))) {
            sender.awaitMore(5_000);
            sender.hop(1);
            sender.awaitMore(5_000);
            long sent = sender.stop().get(0);
            Receive.assertWhole(sent, receive.terminated(), FLOW);
        }
        Cable.holdsNothing(GROUP);
    }

    /** The source goes on: what comes behind the end is not of the account, and all else is explained. */
    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void sigtermAtLoadClosesTheAccount(String workers) throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--workers", workers);
                PinnedSender sender = PinnedSender.start(0, 50_000, Flow.parse(FLOW))) {
            sender.awaitMore(20_000);
            JsonNode report = receive.terminated();
            long wire = Receive.flow(report, FLOW).at("/ledger/wire").asLong();
            assertTrue(wire > 20_000, report.toString());
            Receive.assertWhole(wire, report, FLOW);
        }
        Cable.holdsNothing(GROUP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void ctrlCReachesAllProcessesOfTheGroup(String workers) throws Exception {
        try (Receive receive = Receive.ready(Program::startInGroup, "--flow", FLOW, "--workers", workers);
                PinnedSender sender = PinnedSender.start(0, 20_000, Flow.parse(FLOW))) {
            sender.awaitMore(5_000);
            long sent = sender.stop().get(0);
            receive.program.signalGroup("INT");
            Receive.assertWhole(sent, receive.ended(Receive.SIGINT_EXIT), FLOW);
        }
        Cable.holdsNothing(GROUP);
    }

    /** As systemd stops a unit: its signals reach every process. */
    @Test
    void sigtermToAllProcessesDrains() throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--idle", "sleep:200ms");
                PinnedSender sender = PinnedSender.start(0, 20_000, Flow.parse(FLOW))) {
            sender.awaitMore(5_000);
            long sent = sender.stop().get(0);
            for (long pid : receive.program.processes()) {
                Cable.run("kill", "-TERM", Long.toString(pid));
            }
            Receive.assertWhole(sent, receive.ended(Receive.SIGTERM_EXIT), FLOW);
        }
        Cable.holdsNothing(GROUP);
    }

    @Test
    void aWorkerDoesNotMindSignalsThatAreForTheDistributor() throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW);
                PinnedSender sender = PinnedSender.start(0, 20_000, Flow.parse(FLOW))) {
            sender.awaitMore(5_000);
            for (String signal : List.of("TERM", "INT", "HUP")) {
                Cable.run("kill", "-" + signal, Long.toString(receive.worker(0)));
                Cable.run("kill", "-" + signal, Long.toString(receive.worker(1)));
            }
            sender.awaitMore(5_000);
            long sent = sender.stop().get(0);
            JsonNode report = receive.terminated();
            Receive.assertWhole(sent, report, FLOW);
            assertEquals(0, report.at("/xdp/queues/0/restarts").asInt());
            assertEquals(0, report.at("/xdp/queues/1/restarts").asInt());
        }
    }

    @Test
    void endsAfterTheSecondsAskedFor() throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--seconds", "1")) {
            JsonNode report = receive.ended(0);
            assertEquals("processes", report.at("/xdp/workers").asText());
            assertEquals(2, report.at("/xdp/queues").size());
            assertFalse(receive.words().contains("warning"), receive.words());
        }
        Cable.holdsNothing(GROUP);
    }

    /** With that many of its processes there. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void sigtermWhileItStartsEndsItInOrder(int processes) throws Exception {
        try (Receive receive = Receive.starting("--flow", FLOW)) {
            receive.program.await("its processes", () -> receive.program.processes().size() >= processes);
            receive.program.signal("TERM");
            assertEquals(Receive.SIGTERM_EXIT, receive.program.exitCode(), receive::words);
            assertTrue(receive.program.leavesNoProcess(), "a process is left");
            assertFalse(receive.words().contains("\tat "), receive.words());
            assertEquals("", receive.program.err());
        }
        Cable.holdsNothing(GROUP);
    }

    /** A worker has died just before, and another one is on its way. */
    @ParameterizedTest
    @ValueSource(ints = {0, 100, 300})
    void sigtermWhileAWorkerComesBackEndsItInOrder(int milliseconds) throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW)) {
            Cable.run("kill", "-KILL", Long.toString(receive.worker(0)));
            Thread.sleep(milliseconds);
            JsonNode report = receive.terminated();
            assertEquals(0, Receive.flow(report, FLOW).at("/ledger/wire").asLong());
        }
        Cable.holdsNothing(GROUP);
    }
}
