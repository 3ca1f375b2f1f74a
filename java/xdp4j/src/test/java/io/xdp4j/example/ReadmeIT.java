// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.source.PacedSender;
import io.xdp4j.source.PositionRange;
import io.xdp4j.source.RtpSource;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of README.md receive a flow. */
@Tag("integration")
@Timeout(60)
class ReadmeIT {
    private static final String FLOW = "239.1.2.3:5004";
    private static final String[] ARGUMENTS = {VethPair.RX, FLOW, "3000"};
    private static final int PACKETS = 1_000;

    @Test
    @SuppressWarnings("try") // the cable is only held
    void receives() throws Exception {
        try (VethPair veth = VethPair.create(1)) {
            String output = printedBy(() -> ReceiveOneFlow.main(ARGUMENTS), List.of());
            assertTrue(output.contains("video receives, NATIVE"), output);
            assertTrue(output.contains("RECEIVED=" + PACKETS + ", EXPECTED=" + PACKETS + ", LOST=0"), output);
            assertTrue(output.contains("rxDropped=0"), output);
        }
    }

    @Test
    @SuppressWarnings("try") // the cable is only held
    void accountsForWhatWasLost() throws Exception {
        try (VethPair veth = VethPair.create(1)) {
            String output = printedBy(
                    () -> AccountForOneFlow.main(ARGUMENTS), List.of(new PositionRange(500, 506, 1))); // 7 packets
            assertTrue(output.contains("video receives, NATIVE"), output);
            assertTrue(
                    output.contains("wire=1000, delivered=993, waiting=0, causes={UPSTREAM=7}, unexplained=0]\n"
                            + "The packet never reached this machine's kernel. Look at the sender"),
                    output);
        }
    }

    /** The sender sends the flow that stays; of the other nothing comes. */
    @Test
    @SuppressWarnings("try") // the cable is only held
    void flowsComeAndGo() throws Exception {
        String[] arguments = {VethPair.RX, FLOW, "239.1.2.4:5004", "3000"};
        try (VethPair veth = VethPair.create(1)) {
            String output = printedBy(() -> FlowsThatComeAndGo.main(arguments), List.of());
            assertTrue(output.contains("video receives both"), output);
            assertTrue(
                    output.contains("FlowLedger[flow=239.1.2.4:5004, wire=0, delivered=0, waiting=0, causes={},"),
                    output);
            assertTrue(
                    output.contains("[FlowLedger[flow=239.1.2.3:5004, wire=1000, delivered=1000, waiting=0, causes={},"
                            + " unexplained=0]]"),
                    output);
        }
    }

    private interface Program {
        void run() throws Exception;
    }

    /** Runs the program in a thread of its own, and sends to it once it says that it receives. */
    private static String printedBy(Program program, List<PositionRange> lost) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Thread thread = new Thread(() -> {
                try {
                    program.run();
                } catch (Exception e) {
                    e.printStackTrace(System.out);
                }
            });
            thread.start();
            while (thread.isAlive() && !printed.toString(StandardCharsets.UTF_8).contains("receives")) {
                Thread.sleep(5);
            }
            try (RtpSource source = RtpSource.on(VethPair.TX)
                    .flow(Flow.parse(FLOW))
                    .positions(PACKETS)
                    .lose(lost)
                    .open()) {
                PacedSender sender = new PacedSender(source, 10_000);
                while (sender.step()) {
                    // until all is sent
                }
            }
            thread.join();
            return printed.toString(StandardCharsets.UTF_8);
        } finally {
            System.setOut(before);
        }
    }
}
