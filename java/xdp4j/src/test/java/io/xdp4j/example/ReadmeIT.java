// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.source.PacedSender;
import io.xdp4j.source.PositionRange;
import io.xdp4j.source.RtpSource;
import io.xdp4j.source.RtpSourceBuilder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of README.md and docs/ receive. */
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

    /** They come to the queue of the CPU that sends just then. */
    @Test
    @SuppressWarnings("try") // the cable is only held
    void receivesManyFlows() throws Exception {
        String other = "[ff3e::8000:1]:5006";
        String[] arguments = {VethPair.RX, FLOW + "," + other, "3000"};
        try (VethPair veth = VethPair.create(2)) {
            String output = printedBy(() -> ReceiveManyFlows.main(arguments), List.of(), FLOW, other);
            assertTrue(output.contains("2 queues, receives NATIVE"), output);
            String all = ", wire=1000, delivered=1000, waiting=0, causes={}, unexplained=0]";
            assertTrue(output.contains("flow=" + FLOW + all) && output.contains("]:5006" + all), output);
        }
    }

    /** A frame of 214 bytes has 160 bytes of media. */
    @Test
    @SuppressWarnings("try") // the cable is only held
    void readsMedia() throws Exception {
        try (VethPair veth = VethPair.create(1)) {
            String output = printedBy(() -> OwnHandler.main(ARGUMENTS), List.of());
            assertTrue(output.contains(PACKETS + " packets, " + PACKETS * 160 + " bytes of media, longest"), output);
        }
    }

    @Test
    @SuppressWarnings("try") // the cable is only held
    void leases() throws Exception {
        try (VethPair veth = VethPair.create(1)) {
            String output = printedBy(() -> LeasePackets.main(ARGUMENTS), List.of());
            assertTrue(output.contains("decoded " + PACKETS * 160 + " bytes\n0 packets passed over"), output);
        }
    }

    private interface Program {
        void run() throws Exception;
    }

    /** Runs the program in a thread of its own, and sends to it once it says that it receives. */
    private static String printedBy(Program program, List<PositionRange> lost) throws Exception {
        return printedBy(program, lost, FLOW);
    }

    private static String printedBy(Program program, List<PositionRange> lost, String... flows) throws Exception {
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
            RtpSourceBuilder builder = RtpSource.on(VethPair.TX).positions(PACKETS).lose(lost);
            Stream.of(flows).map(Flow::parse).forEach(builder::flow);
            try (RtpSource source = builder.open()) {
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
