// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.PinnedSender;
import io.xdp4j.packet.Flow;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --flows FILE} and SIGHUP, while packets come. */
@Tag("integration")
@Timeout(180)
class FlowReloadIT {
    private static final String STAYS = "239.1.2.3:5004";
    private static final String GOES = "239.1.2.4:5004";
    private static final String COMES = Flow.parse("[ff3e::1]:5004").toString(); // as it is printed

    @TempDir
    private Path folder;

    private Path file;
    @RegisterExtension
    private final Cable cable = Cable.ofQueues(2);

    @BeforeEach
    void nameFile() {
        file = folder.resolve("flows.txt");
    }

    private void write(String... lines) throws Exception {
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private static void reload(Receive receive, String answer) throws Exception {
        receive.program.signal("HUP");
        receive.awaitSaid(answer);
    }

    @ParameterizedTest
    @CsvSource({"threads, queue", "processes, queue", "threads, flow", "processes, flow"})
    void flowsComeAndGoWhileOthersGoOn(String workers, String socketsPer) throws Exception {
        write("# both", STAYS, "  " + GOES + "   # for a while", "");
        try (Receive receive = Receive.ready(
                        "--flows", file.toString(), "--workers", workers, "--sockets-per", socketsPer);
                PinnedSender stays = PinnedSender.start(0, 20_000, Flow.parse(STAYS));
                PinnedSender goes = PinnedSender.start(1, 10_000, Flow.parse(GOES))) {
            goes.awaitMore(3_000);
            long sentOfGoes = goes.stop().get(0);
            write(STAYS, COMES);
            reload(receive, "flows: 1 added, 1 removed added " + COMES + " removed " + GOES);
            assertFalse(Cable.isJoined("239.1.2.4"));
            assertTrue(Cable.isJoined("ff3e::1"));
            long sentOfComes;
            try (PinnedSender comes = PinnedSender.start(1, 10_000, Flow.parse(COMES))) {
                comes.awaitMore(3_000);
                sentOfComes = comes.stop().get(0);
            }
            // It comes back, and its former account with it.
            write(STAYS, COMES, GOES);
            reload(receive, "flows: 1 added, 0 removed added " + GOES);
            long sentOfStays = stays.stop().get(0);
            JsonNode report = receive.terminated();

            Receive.assertWhole(sentOfStays, report, STAYS);
            Receive.assertWhole(sentOfComes, report, COMES);
            Receive.assertWhole(0, report, GOES);
            assertEquals(1, report.get("removed").size());
            assertEquals(GOES, report.at("/removed/0/flow").asText());
            assertEquals(
                    "{\"wire\":" + sentOfGoes + ",\"delivered\":" + sentOfGoes
                            + ",\"waiting\":0,\"causes\":{},\"unexplained\":0}",
                    report.at("/removed/0/ledger").toString());
        }
        Cable.holdsNothing("239.1.2.3", "239.1.2.4", "ff3e::1");
    }

    /** Its packets go on to come: those before are in its account, those behind pass to the stack. */
    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void aFlowIsRemovedAndAddedAtLoad(String workers) throws Exception {
        write(STAYS, GOES);
        try (PinnedSender sender = PinnedSender.start(0, 20_000, Flow.parse(STAYS), Flow.parse(GOES))) {
            try (Receive receive = Receive.ready("--flows", file.toString(), "--workers", workers)) {
                sender.awaitMore(1);
                for (int round = 1; round <= 5; round++) {
                    int before = round;
                    write(STAYS);
                    receive.program.signal("HUP");
                    receive.program.await(
                            "its end", () -> receive.said().split("0 added, 1 removed", -1).length > before);
                    write(STAYS, GOES);
                    receive.program.signal("HUP");
                    receive.program.await(
                            "its return", () -> receive.said().split("1 added, 0 removed", -1).length > before);
                }
                JsonNode report = receive.terminated();
                long wire = Receive.flow(report, STAYS).at("/ledger/wire").asLong();
                Receive.assertWhole(wire, report, STAYS);
                Receive.assertWhole(Receive.flow(report, GOES).at("/ledger/wire").asLong(), report, GOES);
                JsonNode removed = report.at("/removed/0/ledger");
                assertEquals(removed.get("wire"), removed.get("delivered"), removed.toString());
                assertEquals(0, removed.get("unexplained").asLong() + removed.get("waiting").asLong());
                assertTrue(removed.get("wire").asLong() < wire, report.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void whatCannotBeReadLeavesTheFlows(String workers) throws Exception {
        write(STAYS);
        try (Receive receive = Receive.ready("--flows", file.toString(), "--workers", workers);
                PinnedSender sender = PinnedSender.start(0, 20_000, Flow.parse(STAYS))) {
            write(COMES, "", "10.0.0.1:5004");
            reload(
                    receive,
                    "the flows stay as they are: " + file
                            + " line 3: flow '10.0.0.1:5004': 10.0.0.1 is not a multicast group");
            write(STAYS, COMES, COMES);
            reload(receive, file + " line 3: flow " + COMES + " is in line 2 already");
            write("# none any more");
            reload(receive, file + " names no flow");
            Files.delete(file);
            reload(receive, "--flows " + file + ": there is no such file");
            write(STAYS);
            reload(receive, "flows: 0 added, 0 removed");
            sender.awaitMore(5_000);
            long sent = sender.stop().get(0);
            JsonNode report = receive.terminated();
            assertEquals(1, report.get("flows").size());
            Receive.assertWhole(sent, report, STAYS);
            assertFalse(report.has("removed"), report.toString());
            assertFalse(Cable.isJoined("ff3e::1"));
        }
    }

    @Test
    void linesMayEndAsOnWindows() throws Exception {
        Files.writeString(file, STAYS + "\r\n# and\r\n" + COMES + "\r\n");
        try (Receive receive = Receive.ready("--flows", file.toString())) {
            Files.writeString(file, COMES + "\r\n");
            reload(receive, "flows: 0 added, 1 removed removed " + STAYS);
            JsonNode report = receive.terminated();
            assertEquals(COMES, report.at("/flows/0/flow").asText());
        }
    }

    @Test
    void aFirstFileThatCannotBeReadIsRefused() throws Exception {
        assertTrue(Receive.refused("--flows", file.toString())
                .startsWith("xdp4j: --flows " + file + ": there is no such file"));
        write(STAYS, "nonsense");
        assertTrue(Receive.refused("--flows", file.toString()).startsWith("xdp4j: " + file + " line 2: "));
        write(STAYS, STAYS);
        assertTrue(Receive.refused("--flows", file.toString()).startsWith("xdp4j: " + file + " line 2: flow " + STAYS));
        write("");
        assertTrue(Receive.refused("--flows", file.toString()).startsWith("xdp4j: " + file + " names no flow"));
        assertTrue(Receive.refused("--flows", folder.toString()).startsWith("xdp4j: --flows " + folder));
        assertTrue(Receive.refused("--flows", file.toString(), "--flow", STAYS)
                .contains("--flow and --flows: use one of the two"));
        Cable.holdsNothing("239.1.2.3");
    }

    @Test
    void ordinarySocketsKeepTheirs() throws Exception {
        write(STAYS);
        try (Receive receive = Receive.ready("--flows", file.toString(), "--backend", "recvmmsg")) {
            write(STAYS, COMES);
            reload(receive, "the flows stay as they are: --backend recvmmsg keeps the flows that it began with");
            receive.terminated();
        }
    }
}
