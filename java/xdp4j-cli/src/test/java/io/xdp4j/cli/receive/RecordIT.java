// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.PinnedSender;
import io.xdp4j.cli.record.Tshark;
import io.xdp4j.packet.Flow;
import io.xdp4j.source.PacedSender;
import io.xdp4j.source.PositionRange;
import io.xdp4j.source.RtpSource;
import io.xdp4j.source.RtpSourceBuilder;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code receive --record}: what is in the file, as tshark reads it, against what was sent and what is in the JSON. */
@Tag("integration")
@Timeout(120)
class RecordIT {
    private static final String FLOW = "239.1.2.3:5004";
    private static final String FLOW6 = Flow.parse("[ff3e::8000:1]:5004").toString();
    private static final String LOST = "500-599,2000-4000/1000";
    private static final int LOST_PACKETS = 103;

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(1);

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("recorded.pcapng");
    }

    /** Sends, and waits until the cable's other end has taken every packet; how many. */
    private static long send(RtpSourceBuilder wanted, long pps) throws Exception {
        long before = Cable.arrived();
        try (RtpSource source = wanted.open()) {
            PacedSender sender = new PacedSender(source, pps);
            while (sender.step()) {
                // until all is sent
            }
            long sent = IntStream.range(0, source.flows().size())
                    .mapToLong(flow -> source.counters(flow).sent())
                    .sum();
            long refused = source.refused();
            Cable.await("the arrival of all packets", () -> Cable.arrived() >= before + sent - refused);
            Thread.sleep(300); // for the threads that a socket's packets pass
            return sent;
        }
    }

    private static RtpSourceBuilder source(int positions, String... flows) {
        RtpSourceBuilder builder = RtpSource.on(Cable.TX).positions(positions);
        Stream.of(flows).map(Flow::parse).forEach(builder::flow);
        return builder;
    }

    private static List<Integer> sequencesSent(int positions, int first, String lost) {
        List<PositionRange> ranges = PositionRange.parseList(lost);
        return IntStream.range(0, positions)
                .filter(at -> ranges.stream().noneMatch(range ->
                        at >= range.from() && at <= range.to() && (at - range.from()) % range.every() == 0))
                .map(at -> first + at & 0xffff)
                .boxed()
                .toList();
    }

    private static BigDecimal now() {
        Instant now = Instant.now();
        return BigDecimal.valueOf(now.getEpochSecond()).add(BigDecimal.valueOf(now.getNano(), 9));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void everyBackendRecordsWhatItReceives(Backend backend) throws Exception {
        int positions = 5_000;
        BigDecimal before = now();
        try (Receive receive = Receive.ready("--flow", FLOW, "--flow", FLOW6, "--backend", backend.toString(),
                "--record", file().toString())) {
            long sent = send(
                    source(positions, FLOW, FLOW6).firstSequence(65_000).lose(PositionRange.parseList(LOST)), 50_000);
            JsonNode report = receive.terminated();
            assertEquals(2 * (positions - LOST_PACKETS), sent);
            assertEquals(
                    "{\"file\":\"" + file() + "\",\"packets\":" + sent + ",\"bytes\":" + Files.size(file())
                            + ",\"notRecorded\":0,\"stopped\":null}",
                    report.get("record").toString());
            assertTrue(receive.said().contains("recorded 9,794 packets, "), receive.words());
            assertEquals(sent, Tshark.packets(file()));

            List<Tshark.Stream> streams = Tshark.streams(file());
            assertEquals(2, streams.size());
            for (Tshark.Stream stream : streams) {
                JsonNode flow = Receive.flow(report, stream.group().equals("239.1.2.3") ? FLOW : FLOW6);
                assertTrue(List.of("239.1.2.3", "ff3e::8000:1").contains(stream.group()), stream.toString());
                assertEquals(flow.get("ssrc").asText(), String.format("0x%08x", stream.ssrc()));
                assertEquals(flow.get("received").asLong(), stream.packets());
                assertEquals(flow.get("lost").asLong(), stream.lost());
                assertEquals(LOST_PACKETS, stream.lost());
                assertEquals(5_004, stream.port());
            }
        }
        List<String> packets = Tshark.fields(
                file(), "frame.time_epoch", "frame.interface_name", "rtp.seq", "ip.dst", "ip.checksum.status");
        assertTrue(new BigDecimal(packets.get(0).split("\t")[0]).compareTo(before) > 0, packets.get(0));
        assertTrue(new BigDecimal(packets.get(packets.size() - 1).split("\t")[0]).compareTo(now()) < 0);
        List<String[]> ipv4 =
                packets.stream().map(packet -> packet.split("\t")).filter(packet -> packet.length == 5).toList();
        assertEquals(
                sequencesSent(positions, 65_000, LOST),
                ipv4.stream().map(packet -> Integer.parseInt(packet[2])).toList());
        assertTrue(ipv4.stream().allMatch(packet -> packet[1].equals("rx0") && packet[4].equals("1")), "checksums");
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void tenAroundEachGap(String workers) throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--workers", workers, "--record", file().toString(),
                "--record-around-loss", "10")) {
            long sent = send(
                    source(5_000, FLOW)
                            .firstSequence(65_000)
                            .lose(PositionRange.parseList(LOST))
                            .swap(PositionRange.parseList("1500")),
                    20_000);
            JsonNode record = receive.terminated().get("record");
            assertEquals(80, record.get("packets").asLong());
            assertEquals(sent - 80, record.get("leftOut").asLong());
            assertEquals(0, record.get("notRecorded").asLong());
            assertEquals(4, record.get("gaps").asLong());
            assertEquals(80, Tshark.packets(file()));
            List<String> packets = Tshark.fields(file(), "rtp.seq", "frame.comment");
            String one = "\t1 packet of 239.1.2.3:5004 is missing before this one: sequence number ";
            assertEquals(
                    List.of(
                            "64\t100 packets of 239.1.2.3:5004 are missing before this one: sequence numbers 65500 to"
                                    + " 63. Cause: UPSTREAM.",
                            "1465" + one + "1464. Cause: UPSTREAM.",
                            "2465" + one + "2464. Cause: UPSTREAM.",
                            "3465" + one + "3464. Cause: UPSTREAM."),
                    packets.stream().filter(packet -> !packet.endsWith("\t")).toList());
            assertEquals(
                    IntStream.concat(IntStream.range(65_490, 65_500), IntStream.range(64, 74))
                            .mapToObj(Integer::toString)
                            .toList(),
                    packets.subList(0, 20).stream().map(packet -> packet.split("\t")[0]).toList());
        }
    }

    /** A short ring, whose loss has another cause; every lost packet is in a comment. */
    @Test
    void theCauseOfALossOfThisMachine() throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--fill-ring", "64", "--rx-ring", "64",
                        "--idle", "sleep:50ms", "--record", file().toString(), "--record-around-loss", "5");
                PinnedSender sender = PinnedSender.start(0, 20_000, Flow.parse(FLOW))) {
            sender.awaitMore(20_000);
            sender.stop();
            JsonNode flow = Receive.flow(receive.terminated(), FLOW);
            JsonNode causes = flow.at("/ledger/causes");
            assertTrue(causes.get("FILL_RING_EMPTY").asLong() > 0, flow.toString());
            long missing = 0;
            for (String comment : Tshark.fields(file(), "frame.comment")) {
                if (!comment.isEmpty()) {
                    missing += Long.parseLong(comment.split(" ")[0].replace(",", ""));
                    assertTrue(causes.size() > 1 || comment.endsWith(". Cause: FILL_RING_EMPTY."), comment);
                }
            }
            assertEquals(flow.get("lost").asLong(), missing);
            assertTrue(missing > 0, "it lost nothing");
        }
    }

    @Test
    void aFullDiskStopsTheRecordingAlone() throws Exception {
        Cable.run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder.toString());
        try (Receive receive = Receive.ready("--flow", FLOW, "--seconds", "5", "--record", file().toString())) {
            long sent = send(source(20_000, FLOW), 50_000);
            JsonNode report = receive.ended(1);
            Receive.assertWhole(sent, report, FLOW);
            JsonNode record = report.get("record");
            assertEquals("No space left on device", record.get("stopped").asText());
            assertEquals(sent, record.get("packets").asLong() + record.get("notRecorded").asLong());
            assertEquals(record.get("packets").asLong(), Tshark.packets(file()));
            assertTrue(record.get("packets").asLong() > 8_000 && record.get("bytes").asLong() <= 2 << 20,
                    record.toString());
            String warning = "warning: recording to " + file() + " has stopped: No space left on device";
            assertEquals(1, receive.program.out().lines().filter(warning::equals).count(), receive.words());
            assertTrue(receive.program.err().startsWith("xdp4j: recording to"), receive.words());
        } finally {
            Cable.run("umount", folder.toString());
        }
    }

    @Test
    void theLimitStopsTheRecordingAlone() throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--seconds", "4", "--record", file().toString(),
                "--record-limit", "1M")) {
            long sent = send(source(10_000, FLOW), 50_000);
            JsonNode report = receive.ended(1);
            Receive.assertWhole(sent, report, FLOW);
            JsonNode record = report.get("record");
            assertEquals("its limit of 1,048,576 bytes is reached (--record-limit)", record.get("stopped").asText());
            assertEquals(sent, record.get("packets").asLong() + record.get("notRecorded").asLong());
            assertEquals(record.get("packets").asLong(), Tshark.packets(file()));
            assertEquals(Files.size(file()), record.get("bytes").asLong());
            assertTrue(Files.size(file()) <= 1 << 20 && Files.size(file()) > (1 << 20) - 300, record.toString());
        }
    }

    @Test
    void isReadableWhenTheReceiverIsKilled() throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--record", file().toString())) {
            long sent = send(source(5_000, FLOW), 20_000);
            receive.program.await("the packets in the file", () -> Files.size(file()) > 248 * sent);
            receive.program.signal("KILL");
            receive.program.exitCode();
            assertEquals(sent, Tshark.packets(file()));
        }
        Cable.holdsNothing("239.1.2.3");
    }

    @Test
    void longPackets() throws Exception {
        for (String end : List.of(Cable.RX, Cable.TX)) {
            Cable.run("ip", "link", "set", end, "mtu", "9216");
        }
        int size = 9_230; // of the Ethernet frame
        try (Receive receive = Receive.ready("--flow", FLOW, "--record", file().toString())) {
            long sent = send(source(500, FLOW).sizeBytes(size), 2_000);
            JsonNode report = receive.terminated();
            Receive.assertWhole(sent, report, FLOW);
            assertEquals(sent, report.at("/record/packets").asLong());
            List<String> packets = Tshark.fields(file(), "frame.len", "udp.length", "udp.checksum.status");
            assertEquals(sent, packets.size());
            assertEquals(List.of(size + "\t" + (size - 34)), packets.stream()
                    .map(packet -> packet.replaceAll("\t[^\t]*$", "")).distinct().toList());
        }
    }

    /** Counts alone: how fast it is, is not for a test to say. */
    @Test
    void atFullRateEveryPacketIsAccountedFor() throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--record", file().toString())) {
            long sent = send(source(780_000, FLOW), 390_000);
            JsonNode report = receive.terminated();
            JsonNode ledger = Receive.flow(report, FLOW).get("ledger");
            long lost = 0;
            for (JsonNode cause : ledger.get("causes")) {
                lost += cause.asLong();
            }
            long received = Receive.flow(report, FLOW).get("received").asLong();
            assertEquals(sent, received + lost);
            JsonNode record = report.get("record");
            assertEquals(received, record.get("packets").asLong() + record.get("notRecorded").asLong());
            assertEquals(record.get("packets").asLong(), Tshark.packets(file()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere/a.pcapng", ".", "file/a.pcapng"})
    void refusesWhereNothingCanBeWritten(String name) throws Exception {
        Files.writeString(folder.resolve("file"), "");
        String said = Receive.refused("--flow", FLOW, "--record", folder.resolve(name).toString());
        assertTrue(said.contains("--record " + folder.resolve(name)), said);
        Cable.holdsNothing("239.1.2.3");
    }

    @Test
    void aRunThatCannotBeginLeavesNoFile() throws Exception {
        try (Receive first = Receive.ready("--flow", FLOW)) {
            Receive.refused("--flow", FLOW, "--record", file().toString());
            first.terminated();
        }
        assertFalse(Files.exists(file()));
    }
}
