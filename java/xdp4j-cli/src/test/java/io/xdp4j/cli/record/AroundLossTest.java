// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.xdp4j.ledger.Cause;
import io.xdp4j.packet.Flow;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which packets are in the file, as tshark reads it, and the comments on them. */
class AroundLossTest {
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");
    private static final Flow OTHER = Flow.parse("239.1.2.4:5004");
    private static final long SECOND_NS = 1_000_000_000;
    private static final int ENTRY_BYTES = 8 + 24 + 112; // of a packet in memory

    @TempDir
    private Path folder;

    private final Wire wire = new Wire(0, 4, 1 << 14);
    private final FlowNames names = new FlowNames();
    private Path path;
    private RecordFile file;
    private AroundLoss loss;

    @BeforeEach
    void open() {
        path = folder.resolve("a.pcapng");
        names.put(0, FLOW);
        names.put(1, OTHER);
        file = RecordFile.open(path, 1 << 24);
        file.begin(List.of(new RecordedInterface("eth1", "a socket", LinkLayer.ofUdpSocket(FLOW))));
        keeping(3, 1 << 20);
    }

    private void keeping(int around, int memoryBytes) {
        loss = new AroundLoss(around, file, names, memoryBytes, () -> wire.nowNs);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
    }

    private void send(int flow, int... sequences) {
        for (int sequence : sequences) {
            wire.send(flow, sequence);
            assertTrue(wire.reader.hasPacket());
            loss.add(wire.reader);
            wire.reader.take();
        }
        loss.release();
    }

    private void sendRange(int from, int to) {
        send(0, IntStream.rangeClosed(from, to).toArray());
    }

    /** A second has passed. */
    private void look(Map<Cause, Long> lost) {
        wire.nowNs += SECOND_NS;
        loss.look(new LedgerLook(wire.nowNs, false, Map.of(FLOW, lost)));
        loss.release();
    }

    private void lastLook(Map<Cause, Long> lost) {
        loss.look(new LedgerLook(wire.nowNs, true, Map.of(FLOW, lost)));
        loss.finish();
    }

    /** Sequence number and comment of each packet in the file. */
    private List<String> read() throws IOException {
        file.flush();
        return Tshark.fields(path, "rtp.seq", "frame.comment").stream().map(String::strip).toList();
    }

    private static String missing(String range) {
        return (range.contains(" to ")
                        ? " of 239.1.2.3:5004 are missing before this one: sequence numbers "
                        : " of 239.1.2.3:5004 is missing before this one: sequence number ")
                + range + ". ";
    }

    @Test
    void soManyBeforeAndBehind() throws Exception {
        sendRange(0, 9);
        sendRange(12, 30);
        sendRange(32, 40);
        assertEquals(List.of(), read(), "no cause is known yet");
        look(Map.of(Cause.FILL_RING_EMPTY, 3L));
        assertEquals(
                List.of(
                        "7", "8", "9", "12\t2 packets" + missing("10 to 11") + "Cause: FILL_RING_EMPTY.", "13", "14",
                        "28", "29", "30", "32\t1 packet" + missing("31") + "Cause: FILL_RING_EMPTY.", "33", "34"),
                read());
        assertEquals(2, loss.gaps());
        assertEquals(38 - 12, loss.leftOut());
        assertEquals(0, loss.crowdedOut());
    }

    @Test
    void acrossTheEndOfTheSequenceNumbers() throws Exception {
        send(0, 65_533, 65_534, 1, 2, 3, 4);
        lastLook(Map.of(Cause.NIC, 2L));
        assertEquals(
                List.of("65533", "65534", "1\t2 packets" + missing("65535 to 0") + "Cause: NIC.", "2", "3"), read());
    }

    /** No packet comes twice, whether the packets around the two overlap or meet. */
    @Test
    void gapsNearToEachOther() throws Exception {
        send(0, 1, 3, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 18);
        lastLook(Map.of(Cause.NIC, 4L));
        assertEquals(
                List.of("1", "3", "5", "6", "7", "8", "10", "11", "12", "14", "15", "16", "18"),
                read().stream().map(line -> line.split("\t")[0]).toList());
        assertEquals(4, read().stream().filter(line -> line.contains("Cause: NIC.")).count());
    }

    @Test
    void reorderedAndDoubledPacketsAreNoGap() throws Exception {
        send(0, 1, 2, 4, 3, 5, 6, 6, 7, 10, 9, 8, 11);
        look(Map.of());
        lastLook(Map.of());
        assertEquals(List.of(), read());
        assertEquals(12, loss.leftOut());
    }

    /** The packets around a gap that was none may be around one that is. */
    @Test
    void aGapBehindReorderedPackets() throws Exception {
        send(0, 1, 2, 4, 3, 6);
        lastLook(Map.of(Cause.NIC, 1L));
        assertEquals(List.of("2", "4", "3", "6\t1 packet" + missing("5") + "Cause: NIC."), read());
    }

    @Test
    void aGapThatIsFilledInPart() throws Exception {
        send(0, 1, 2, 6, 4, 7, 8, 9, 10);
        lastLook(Map.of(Cause.NIC, 2L));
        assertEquals(
                List.of("1", "2", "6\t3 packets" + missing("3 to 5") + "1 came later. Cause: NIC.", "4", "7"), read());
    }

    @Test
    void aStragglerFromBeforeTheFirstPacket() throws Exception {
        send(0, 10, 7, 11, 12);
        lastLook(Map.of(Cause.NIC, 2L));
        assertEquals(List.of("10", "7\t2 packets" + missing("8 to 9") + "Cause: NIC.", "11", "12"), read());
    }

    /** Packets that the ring had no room for are not mistaken for lost ones. */
    @Test
    void whatWasNotRecordedIsNoGap() throws Exception {
        send(0, 1, 2, 3);
        IntStream.rangeClosed(4, 500).forEach(sequence -> wire.send(0, sequence));
        while (wire.reader.hasPacket()) {
            loss.add(wire.reader);
            wire.reader.take();
        }
        assertTrue(wire.reader.notRecorded() > 300);
        send(0, 501, 502);
        lastLook(Map.of());
        assertEquals(List.of(), read());
    }

    @Test
    void aGapAmongPacketsThatWereNotRecorded() throws Exception {
        send(0, 1, 2, 3);
        IntStream.rangeClosed(4, 500).forEach(sequence -> wire.send(0, sequence));
        int last = 3;
        while (wire.reader.hasPacket()) {
            last = wire.sequence();
            loss.add(wire.reader);
            wire.reader.take();
        }
        send(0, 511); // 501 to 510 were lost
        lastLook(Map.of(Cause.NIC, 10L));
        String comment = read().get(3);
        assertEquals(
                "511\t10 packets of 239.1.2.3:5004 are missing before this one, of sequence numbers " + (last + 1)
                        + " to 510; " + (500 - last) + " of these arrived, but found no room on their way to this file."
                        + " Cause: NIC.",
                comment);
        assertEquals(
                List.of(Integer.toString(500 - last)),
                Tshark.fields(path, "frame.drop_count").stream().filter(count -> !count.isEmpty()).toList());
    }

    @Test
    void flowsDoNotMix() throws Exception {
        for (int i = 0; i < 10; i++) {
            send(0, i);
            send(1, 100 + 2 * i);
        }
        send(0, 10, 12);
        loss.look(new LedgerLook(
                wire.nowNs, true, Map.of(FLOW, Map.of(Cause.NIC, 1L), OTHER, Map.of(Cause.UPSTREAM, 9L))));
        loss.finish();
        List<String> read = read();
        assertEquals(10 + 4, read.size());
        assertEquals(
                9, read.stream().filter(line -> line.contains("239.1.2.4:5004") && line.contains("UPSTREAM")).count());
        assertEquals("12\t1 packet" + missing("11") + "Cause: NIC.", read.get(13));
    }

    @Test
    void anIdThatIsAnotherFlowsBeginsAnew() throws Exception {
        send(0, 1, 2, 3);
        names.put(0, OTHER);
        send(0, 1_000, 1_001);
        lastLook(Map.of());
        assertEquals(List.of(), read());
    }

    /** Receiving ended by a failure, and the ledger with it. */
    @Test
    void withoutALastLookTheCauseStaysUnknown() throws Exception {
        send(0, 1, 2, 4, 5, 7);
        loss.finish();
        assertEquals(
                List.of(
                        "1", "2", "4\t1 packet" + missing("3") + "Cause not known yet.", "5",
                        "7\t1 packet" + missing("6") + "Cause not known yet."),
                read());
    }

    /** The packet behind the gap is written when there is no room to keep it, and says so. */
    @Test
    void whenMemoryIsShortTheCauseIsNotWaitedFor() throws Exception {
        keeping(3, 2 * 10 * ENTRY_BYTES);
        for (int i = 0; i < 200; i += 20) {
            sendRange(i, i + 18);
        }
        List<String> early = read();
        assertTrue(early.size() > 30 && early.size() < 6 * 9, early.size() + " of 54");
        assertTrue(early.contains("20\t1 packet" + missing("19") + "Cause not known yet."), early.toString());
        lastLook(Map.of(Cause.NIC, 9L));
        List<String> all = read();
        assertEquals(6 * 9, all.size());
        assertEquals(early, all.subList(0, early.size()));
        assertEquals("180\t1 packet" + missing("179") + "Cause: NIC.", all.get(all.size() - 3));
        assertEquals(9, loss.gaps());
        assertEquals(0, loss.crowdedOut());
    }

    /** 4,096 bytes that each flow has at first hold 28 packets. */
    @Test
    void packetsBeforeAGapThatFoundNoRoomAreCounted() throws Exception {
        keeping(100, 2 * 4_096);
        sendRange(0, 150);
        send(0, 152);
        lastLook(Map.of(Cause.NIC, 1L));
        List<String> read = read();
        assertEquals(28 + 1, read.size());
        assertEquals("123", read.get(0));
        assertEquals(100 - 28, loss.crowdedOut());
        assertEquals(152 - 100 - 1, loss.leftOut());
    }

    /** Nobody wanted the packets before it. */
    @Test
    void noRoomBeforeAGapThatWasNone() throws Exception {
        keeping(100, 2 * 8_192);
        send(1, 1); // whose flow has the other half of the memory for packets before gaps
        sendRange(0, 150);
        send(0, 152, 151);
        lastLook(Map.of());
        assertEquals(List.of(), read());
        assertEquals(0, loss.crowdedOut());
        assertEquals(1 + 153, loss.leftOut());
    }

    @Test
    void aPacketWithoutAGapAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        long before = 0;
        for (int i = 0; i < 200_000; i++) {
            if (i == 100_000) {
                before = threads.getThreadAllocatedBytes(self);
            }
            wire.writer.add(wire.batch(0, i & 0xffff));
            wire.reader.hasPacket();
            loss.add(wire.reader);
            wire.reader.take();
            loss.release();
        }
        long allocated = threads.getThreadAllocatedBytes(self) - before - 100_000 * 24; // the sequence numbers above
        assertTrue(allocated < 10_000, "100,000 packets allocated " + allocated + " bytes");
    }
}
