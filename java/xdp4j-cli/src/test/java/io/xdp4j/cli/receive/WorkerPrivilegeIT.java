// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.PinnedSender;
import io.xdp4j.cli.Program;
import io.xdp4j.cli.status.RunStatus;
import io.xdp4j.packet.Flow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the processes of {@code receive} may do, as proc_pid_status(5) tells it. */
@Tag("integration")
@Timeout(180)
class WorkerPrivilegeIT {
    private static final String FLOW = "239.1.2.3:5004";
    private static final String NONE = "0000000000000000";

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(2);

    private static Map<String, String> status(Path process) throws IOException {
        Map<String, String> status = new TreeMap<>();
        for (String line : Files.readAllLines(process.resolve("status"))) {
            String[] parts = line.split(":\\s*", 2);
            status.put(parts[0], parts[1].strip());
        }
        return status;
    }

    private static void assertHasNothing(long worker) throws IOException {
        Path process = Path.of("/proc", Long.toString(worker));
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
            List<Path> all = Stream.concat(Stream.of(process), tasks).toList();
            assertTrue(all.size() > 5, all.toString()); // the JVM's threads, the receiver among them
            for (Path task : all) {
                Map<String, String> status = status(task);
                for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
                    assertEquals(NONE, status.get(set), task + " " + status.get("Name") + " " + set);
                }
                assertEquals("1", status.get("NoNewPrivs"), task + " " + status.get("Name"));
            }
        }
    }

    private static void assertWorkersHaveNothing(Receive receive) throws IOException {
        RunStatus.XdpStatus xdp = receive.status();
        assertEquals(2, xdp.queues().size());
        for (RunStatus.QueueStatus queue : xdp.queues()) {
            assertHasNothing(queue.worker());
        }
    }

    @Test
    void workersHaveNoneAlsoTheLaterOnes() throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW)) {
            assertWorkersHaveNothing(receive);
            long first = receive.worker(0);
            Cable.run("kill", "-KILL", Long.toString(first));
            receive.program.await("another worker", () -> {
                RunStatus.QueueStatus queue = receive.status().queues().get(0);
                return queue.worker() != null && queue.worker() != first;
            });
            receive.awaitSaid("has a worker again");
            assertWorkersHaveNothing(receive);
            receive.terminated();
        }
    }

    /** Those that README.md asks for, and no others. */
    @Test
    void theDistributorNeedsFour() throws Exception {
        try (Receive receive = Receive.ready(Program::startWithCapabilities, "--flow", FLOW);
                PinnedSender sender = PinnedSender.start(0, 20_000, Flow.parse(FLOW))) {
            Map<String, String> status = status(Path.of("/proc", Long.toString(receive.program.pid())));
            assertTrue(status.get("Uid").startsWith("65534"), status.get("Uid"));
            assertNotEquals(NONE, status.get("CapEff"));
            assertEquals(status.get("CapAmb"), status.get("CapEff"));
            assertWorkersHaveNothing(receive);
            sender.awaitMore(5_000);
            sender.hop(1);
            sender.awaitMore(5_000);
            long sent = sender.stop().get(0);
            JsonNode report = receive.terminated();
            Receive.assertWhole(sent, report, FLOW);
            assertEquals("native", report.at("/xdp/mode").asText());
        }
        Cable.holdsNothing("239.1.2.3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void refusesNobodyInOneLine(String workers) throws Exception {
        String said = Receive.refused(Program::startAsNobody, "--flow", FLOW, "--workers", workers);
        assertTrue(said.contains("CAP_") || said.contains("root"), said);
        Cable.holdsNothing("239.1.2.3");
    }
}
