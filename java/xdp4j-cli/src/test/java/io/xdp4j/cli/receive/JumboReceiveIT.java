// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.Program;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code send} and {@code receive} over an MTU that no frame holds. */
@Tag("integration")
@Timeout(120)
class JumboReceiveIT {
    private static final String FLOW = "239.1.2.3:5004";
    private static final int SIZE = 8_942; // of the Ethernet frame: 8,900 bytes of UDP payload, 8,888 of RTP's
    private static final int SIGTERM_EXIT = 143;

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(1);

    @TempDir
    private Path folder;

    @BeforeEach
    void setMtu() throws Exception {
        mtu(9_000);
    }

    private static void mtu(int bytes) throws Exception {
        for (String end : List.of("rx0", "tx0")) {
            Cable.run("ip", "link", "set", end, "mtu", Integer.toString(bytes));
        }
    }

    private Program receive(String mode, int frameSize) throws Exception {
        Program receive = Program.start(
                "receive", "--interface", "rx0", "--flow", FLOW, "--mode", mode, "--frame-size",
                Integer.toString(frameSize), "--json", folder.resolve("received.json").toString());
        receive.await("that it is ready", () -> receive.out().contains("idle"));
        return receive;
    }

    private JsonNode report(Program receive) throws Exception {
        Thread.sleep(300); // for what the other CPU has still in hand
        receive.signal("TERM");
        assertEquals(SIGTERM_EXIT, receive.exitCode(), receive.err());
        return new ObjectMapper().readTree(folder.resolve("received.json").toFile());
    }

    @ParameterizedTest
    @CsvSource({"native, 2048", "native, 4096", "generic, 2048", "generic, 4096"})
    void deliveredWholeAndCountedOnce(String mode, int frameSize) throws Exception {
        try (Program receive = receive(mode, frameSize);
                Program send = Program.start(
                        "send", "--interface", "tx0", "--flow", FLOW, "--rate", "2000", "--count", "2000", "--size",
                        Integer.toString(SIZE))) { // fits the rings: no machine is too slow
            assertEquals(0, send.exitCode(), send.err());
            assertTrue(send.out().contains("no live frames, sending by sendmmsg: live frames are less than a page"),
                    send.out());
            assertTrue(send.out().contains("sent 2,000 packets"), send.out());

            JsonNode report = report(receive);
            JsonNode flow = report.get("flows").get(0);
            assertEquals(
                    "{\"wire\":2000,\"delivered\":2000,\"waiting\":0,\"causes\":{},\"unexplained\":0}",
                    flow.get("ledger").toString());
            assertEquals(2_000, flow.get("received").asLong());
            assertEquals(0, flow.get("lost").asLong() + flow.get("duplicate").asLong());
            assertEquals(2_000L * (SIZE - 42 - 12), flow.get("bytes").asLong());
            assertEquals(2_000, flow.at("/kernel/redirected").asLong());
            assertEquals(2_000L * SIZE, flow.at("/kernel/bytes").asLong());
            assertEquals(mode, report.at("/xdp/mode").asText());
            assertTrue(report.at("/xdp/multiBuffer").asBoolean());
            assertEquals(0, report.at("/xdp/frames/doubled").asInt());
            assertEquals(0, report.at("/xdp/frames/kernel").asInt());
            String words = receive.out().replaceAll("\\s+", " ");
            assertTrue(words.contains("packets of up to 9,022 bytes in frames of " + (frameSize == 2048 ? "2" : "4")),
                    words);
        }
    }

    /** It says nothing of it, and does without. */
    @Test
    void notForAnMtuThatAFrameHolds() throws Exception {
        mtu(1_500);
        try (Program receive = receive("native", 2048)) {
            assertFalse(report(receive).at("/xdp/multiBuffer").asBoolean());
            assertFalse(receive.out().contains("bytes in frames"), receive.out());
        }
    }
}
