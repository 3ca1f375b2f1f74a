// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.PinnedSender;
import io.xdp4j.cli.status.Statuses;
import io.xdp4j.packet.Flow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process that holds the XDP program is killed: everything goes with it. */
@Tag("integration")
@Timeout(180)
class DistributorDeathIT {
    private static final String FLOW = "239.1.2.3:5004";
    private static final String GROUP = "239.1.2.3";
    private static final int ROUNDS = 5;

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(2);

    private static boolean isInKernel(String kind, long id) throws IOException {
        Process bpftool = new ProcessBuilder("bpftool", kind, "show", "id", Long.toString(id))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return bpftool.onExit().join().exitValue() == 0;
    }

    /** Neither in the kernel nor among the processes is anything of it. */
    private static void assertGone(Receive receive, JsonNode program) throws Exception {
        assertTrue(receive.program.leavesNoProcess(), "a process is left");
        Cable.holdsNothing(GROUP);
        long id = program.get("id").asLong();
        Cable.await("the end of XDP program " + id, () -> !isInKernel("prog", id));
        for (JsonNode map : program.get("map_ids")) {
            Cable.await("the end of BPF map " + map, () -> !isInKernel("map", map.asLong()));
        }
        assertThrows(IOException.class, () -> Statuses.of(receive.program.pid()));
        assertFalse(receive.words().contains("\tat "), receive.words());
    }

    private static JsonNode program(Receive receive) throws IOException {
        int id = receive.status().program();
        JsonNode program = new ObjectMapper()
                .readTree(Cable.run("bpftool", "--json", "prog", "show", "id", Integer.toString(id)));
        assertTrue(program.get("map_ids").size() > 2, program.toString());
        return program;
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void leavesNothingWhileItReceives(String workers) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            try (Receive receive = Receive.ready("--flow", FLOW, "--workers", workers);
                    PinnedSender sender = PinnedSender.start(round % 2, 20_000, Flow.parse(FLOW))) {
                sender.awaitMore(5_000);
                assertTrue(Cable.isJoined(GROUP));
                JsonNode program = program(receive);
                receive.program.signal("KILL");
                assertGone(receive, program);
                if (round == 0) {
                    assertStackReceives(sender);
                }
            }
        }
        try (Receive receive = Receive.ready("--flow", FLOW, "--workers", workers);
                PinnedSender sender = PinnedSender.start(0, 20_000, Flow.parse(FLOW))) {
            sender.awaitMore(5_000);
            long sent = sender.stop().get(0);
            Receive.assertWhole(sent, receive.terminated(), FLOW);
        }
    }

    /** With that many of its processes there: with the last of them workers have opened sockets, or are about to. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void leavesNothingWhileItStarts(int processes) throws Exception {
        try (Receive receive = Receive.starting("--flow", FLOW)) {
            receive.program.await("its processes", () -> receive.program.processes().size() >= processes);
            receive.program.signal("KILL");
            assertTrue(receive.program.leavesNoProcess(), "a process is left");
            Cable.holdsNothing(GROUP);
            assertEquals("", receive.words());
        }
        try (Receive receive = Receive.ready("--flow", FLOW)) {
            receive.terminated();
        }
    }

    private static void assertStackReceives(PinnedSender sender) throws Exception {
        try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(5004));
            channel.join(InetAddress.getByName(GROUP), NetworkInterface.getByName(Cable.RX));
            ByteBuffer packet = ByteBuffer.allocate(2_048);
            for (int packets = 0; packets < 1_000; packets++) {
                channel.receive(packet.clear());
            }
            assertTrue(sender.sent() > 1_000);
        }
    }
}
