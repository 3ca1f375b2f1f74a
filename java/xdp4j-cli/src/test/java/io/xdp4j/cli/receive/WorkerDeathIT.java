// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.PinnedSender;
import io.xdp4j.cli.status.RunStatus;
import io.xdp4j.packet.Flow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Workers that are killed while packets come. */
@Tag("integration")
@Timeout(180)
class WorkerDeathIT {
    private static final String A = "239.1.2.3:5004"; // to queue 0
    private static final String B = "239.1.2.4:5004"; // to queue 1
    private static final int ROUNDS = 20; // each kills two
    private static final int ROUNDS_TO_SETTLE = 5;

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(2);

    private static void kill(long pid) throws Exception {
        Cable.run("kill", "-KILL", Long.toString(pid));
    }

    private static void awaitWorkerAgain(Receive receive, int restarts) throws Exception {
        receive.program.await(
                "restart " + restarts, () -> receive.said().split(" has a worker again").length > restarts);
    }

    /** Every packet was delivered, or lost to what a worker's death loses; how many were lost. */
    private static long assertClosed(long sent, JsonNode report, String flow) {
        JsonNode ledger = Receive.flow(report, flow).get("ledger");
        long lost = 0;
        Set<String> causes = new TreeSet<>();
        for (var cause : ledger.get("causes").properties()) {
            causes.add(cause.getKey());
            lost += cause.getValue().asLong();
        }
        assertTrue(Set.of("NO_SOCKET_ON_QUEUE", "APPLICATION").containsAll(causes), ledger.toString());
        assertEquals(sent, ledger.get("wire").asLong());
        assertEquals(sent - lost, ledger.get("delivered").asLong());
        assertEquals(0, ledger.get("unexplained").asLong(), ledger.toString());
        assertEquals(0, ledger.get("waiting").asLong(), ledger.toString());
        return lost;
    }

    @ParameterizedTest
    @CsvSource({"queue, 0", "flow, 0", "queue, 1"})
    void othersLoseNothingAndItsOwnLossesHaveCauses(String socketsPer, int killed) throws Exception {
        String hurt = killed == 0 ? A : B;
        try (Receive receive = Receive.ready("--flow", A, "--flow", B, "--sockets-per", socketsPer);
                PinnedSender toQueue0 = PinnedSender.start(0, 20_000, Flow.parse(A));
                PinnedSender toQueue1 = PinnedSender.start(1, 20_000, Flow.parse(B))) {
            toQueue0.awaitMore(10_000);
            toQueue1.awaitMore(10_000);
            kill(receive.worker(killed));
            awaitWorkerAgain(receive, 1);
            PinnedSender ofHurt = killed == 0 ? toQueue0 : toQueue1;
            long sentBefore = ofHurt.sent();
            ofHurt.awaitMore(10_000);
            long sentA = toQueue0.stop().get(0);
            long sentB = toQueue1.stop().get(0);
            JsonNode report = receive.terminated();

            Receive.assertWhole(killed == 0 ? sentB : sentA, report, killed == 0 ? B : A);
            JsonNode ledger = Receive.flow(report, hurt).get("ledger");
            long lost = assertClosed(killed == 0 ? sentA : sentB, report, hurt);
            assertTrue(ledger.at("/causes/NO_SOCKET_ON_QUEUE").asLong() > 0, ledger.toString());
            // Of those that were sent when it was back none is missing.
            assertTrue(lost < sentBefore, ledger.toString());
            assertEquals(1, report.at("/xdp/queues/" + killed + "/restarts").asInt());
            assertEquals(0, report.at("/xdp/queues/" + (1 - killed) + "/restarts").asInt());
            assertTrue(receive.said().contains("was killed by signal 9: its packets pass to the kernel's stack"),
                    receive.words());
        }
        Cable.holdsNothing("239.1.2.3", "239.1.2.4");
    }

    /** It neither receives nor answers: the end of all does not wait for it, and the account closes. */
    @Test
    void aWorkerThatHangsIsKilledAtTheEnd() throws Exception {
        try (Receive receive = Receive.ready("--flow", A, "--flow", B);
                PinnedSender toQueue0 = PinnedSender.start(0, 10_000, Flow.parse(A));
                PinnedSender toQueue1 = PinnedSender.start(1, 10_000, Flow.parse(B))) {
            toQueue0.awaitMore(5_000);
            toQueue1.awaitMore(5_000);
            Cable.run("kill", "-STOP", Long.toString(receive.worker(0)));
            toQueue0.awaitMore(1_000);
            long sentA = toQueue0.stop().get(0);
            long sentB = toQueue1.stop().get(0);
            JsonNode report = receive.terminated();
            Receive.assertWhole(sentB, report, B);
            assertTrue(assertClosed(sentA, report, A) > 0, report.toString());
        }
        Cable.holdsNothing("239.1.2.3", "239.1.2.4");
    }

    /** The one that waits to be a worker is dead when it is needed, and so are all workers. */
    @Test
    void allProcessesDieAtOnce() throws Exception {
        try (Receive receive = Receive.ready("--flow", A)) {
            receive.program.await("the process that stands by", () -> receive.status().standby() != null);
            Set<Long> killed = new HashSet<>(List.of(receive.status().standby(), receive.worker(0), receive.worker(1)));
            for (long pid : killed) {
                kill(pid);
            }
            awaitWorkerAgain(receive, 2);
            try (PinnedSender sender = PinnedSender.start(0, 20_000, Flow.parse(A))) {
                sender.awaitMore(5_000);
                sender.hop(1);
                sender.awaitMore(5_000);
                long sent = sender.stop().get(0);
                Receive.assertWhole(sent, receive.terminated(), A);
            }
        }
    }

    /** What the distributor holds: descriptors, mappings, threads. */
    private record Holdings(long descriptors, long mappings, long threads) {
        /** Memory that nobody reaches is unmapped with the objects that stood for it. */
        static Holdings of(Receive receive) throws IOException, InterruptedException {
            String pid = Long.toString(receive.program.pid());
            Cable.run(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), pid, "GC.run");
            Thread.sleep(200); // for the thread that unmaps
            Path proc = Path.of("/proc", pid);
            return new Holdings(entries(proc.resolve("fd")), Files.readAllLines(proc.resolve("maps")).size(),
                    entries(proc.resolve("task")));
        }

        /** Half of what there would be if something of each death stayed. */
        boolean isFlatSince(Holdings settled) {
            long most = ROUNDS - ROUNDS_TO_SETTLE;
            return descriptors - settled.descriptors < most
                    && mappings - settled.mappings < most
                    && threads - settled.threads < most;
        }

        private static long entries(Path folder) throws IOException {
            try (Stream<Path> entries = Files.list(folder)) {
                return entries.count();
            }
        }
    }

    @Test
    void manyDeathsLeaveTheDistributorAsItWas() throws Exception {
        try (Receive receive = Receive.ready("--flow", A, "--flow", B);
                PinnedSender sender = PinnedSender.start(0, 1_000, Flow.parse(A), Flow.parse(B))) {
            Set<Long> killed = new HashSet<>();
            Holdings settled = null;
            for (int round = 1; round <= ROUNDS; round++) {
                receive.program.await("new workers", () -> receive.status().queues().stream()
                        .noneMatch(queue -> queue.worker() == null || killed.contains(queue.worker())));
                for (RunStatus.QueueStatus queue : receive.status().queues()) {
                    killed.add(queue.worker());
                    kill(queue.worker());
                }
                awaitWorkerAgain(receive, 2 * round);
                sender.hop(round % 2);
                if (round == ROUNDS_TO_SETTLE) {
                    settled = Holdings.of(receive);
                }
            }
            Holdings atEnd = Holdings.of(receive);
            assertTrue(atEnd.isFlatSince(settled), settled + " became " + atEnd);
            List<Long> sent = sender.stop();
            JsonNode report = receive.terminated();
            assertEquals(ROUNDS, report.at("/xdp/queues/0/restarts").asInt());
            assertEquals(ROUNDS, report.at("/xdp/queues/1/restarts").asInt());
            assertClosed(sent.get(0), report, A);
            assertClosed(sent.get(1), report, B);
        }
        Cable.holdsNothing("239.1.2.3", "239.1.2.4");
    }
}
