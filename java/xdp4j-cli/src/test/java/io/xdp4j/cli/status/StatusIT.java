// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.PinnedSender;
import io.xdp4j.cli.Program;
import io.xdp4j.packet.Flow;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code status}, from another process and another network namespace. */
@Tag("integration")
@Timeout(180)
class StatusIT {
    private static final String FLOW = "239.1.2.3:5004";

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(2);

    private static Program receive(String... options) throws IOException, InterruptedException {
        String[] arguments = new String[5 + options.length];
        System.arraycopy(new String[] {"receive", "--interface", Cable.RX, "--flow", FLOW}, 0, arguments, 0, 5);
        System.arraycopy(options, 0, arguments, 5, options.length);
        Program receive = Program.start(arguments);
        receive.await("that it receives", () -> receive.out().contains("idle"));
        return receive;
    }

    /** What it says of one process; other runs on this machine are none of this test's business. */
    private static String text(long pid) throws IOException, InterruptedException {
        try (Program status = Program.start("status")) {
            assertEquals(0, status.exitCode(), status.err());
            String[] runs = status.out().split("(?=xdp4j receive, pid )");
            for (String run : runs) {
                if (run.startsWith("xdp4j receive, pid " + pid + ",")) {
                    return run.replaceAll(" +", " ");
                }
            }
            return "";
        }
    }

    private static JsonNode json(long pid) throws IOException, InterruptedException {
        try (Program status = Program.start("status", "--json", "-")) {
            assertEquals(0, status.exitCode(), status.err());
            for (JsonNode run : new ObjectMapper().readTree(status.out())) {
                if (run.get("pid").asLong() == pid) {
                    return run;
                }
            }
            throw new AssertionError("nothing of " + pid + ": " + status.out());
        }
    }

    @Test
    void tellsWhatIsAttachedJoinedAndRunning() throws Exception {
        try (Program receive = receive();
                PinnedSender sender = PinnedSender.start(0, 20_000, Flow.parse(FLOW))) {
            sender.awaitMore(5_000);
            long sent = sender.stop().get(0);
            Thread.sleep(1_500); // it is said once a second
            JsonNode run = json(receive.pid());
            String program = run.at("/xdp/program").asText();
            assertTrue(Cable.run("ip", "link", "show", "dev", Cable.RX).contains("id " + program + " "), program);
            assertEquals(Cable.RX, run.get("interface").asText());
            assertEquals("processes", run.at("/xdp/workers").asText());
            assertEquals(FLOW, run.at("/flows/0/flow").asText());
            assertEquals(sent, run.at("/flows/0/delivered").asLong());
            assertEquals(0, run.at("/flows/0/lost").asLong() + run.at("/flows/0/unexplained").asLong());

            String text = text(receive.pid());
            assertTrue(text.contains(", network namespace net:["), text);
            assertTrue(text.contains(" attached XDP program " + program + " to rx0, native, by link"), text);
            long worker0 = run.at("/xdp/queues/0/worker").asLong();
            long worker1 = run.at("/xdp/queues/1/worker").asLong();
            assertTrue(receive.processes().contains(worker0) && receive.processes().contains(worker1), text);
            assertTrue(text.contains(" processes queue 0 pid " + worker0 + "; queue 1 pid " + worker1), text);
            assertTrue(text.contains(" steered none"), text);
            assertTrue(text.contains(" standby pid " + run.at("/xdp/standby").asLong()), text);
            assertTrue(text.contains(" joined " + FLOW + " delivered "), text);

            Cable.run("kill", "-KILL", Long.toString(worker1));
            receive.await("another worker", () -> receive.out().contains("has a worker again"));
            Thread.sleep(1_500);
            assertTrue(text(receive.pid()).contains("started again 1 time"), text(receive.pid()));
            receive.signal("TERM");
            assertEquals(143, receive.exitCode());
            assertEquals("", text(receive.pid()));
        }
    }

    @Test
    void tellsOfThreadsAndOfOrdinarySockets() throws Exception {
        try (Program receive = receive("--workers", "threads", "--queue", "1")) {
            String text = text(receive.pid());
            assertTrue(text.contains(" threads queue 1\n"), text);
            assertFalse(text.contains("standby"), text);
        }
        try (Program receive = receive("--backend", "recvmmsg")) {
            assertTrue(text(receive.pid()).contains(" receives recvmmsg on rx0"), text(receive.pid()));
        }
    }

    @Test
    void saysThatThereIsNothing() throws Exception {
        try (Program status = Program.startAlone("status")) {
            assertEquals(0, status.exitCode(), status.err());
            assertEquals(
                    "nothing of xdp4j is attached, joined, steered or running here", status.out().strip());
        }
        try (Program status = Program.startAlone("status", "--json", "-")) {
            assertEquals(0, status.exitCode(), status.err());
            assertEquals(0, new ObjectMapper().readTree(status.out()).size());
        }
    }

    @Test
    void needsRoot() throws Exception {
        try (Program status = Program.startAsNobody("status")) {
            assertEquals(2, status.exitCode());
            assertEquals("xdp4j: must be root: sudo ./xdp4j status ...", status.err().strip());
        }
    }
}
