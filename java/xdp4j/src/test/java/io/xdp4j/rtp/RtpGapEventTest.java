// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.AllocatedBytes;
import io.xdp4j.lab.Recorded;
import java.util.List;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Flight Recorder has each gap of a flow's sequence, when it is asked for them. */
class RtpGapEventTest {
    private static final String GAP = "io.xdp4j.Gap";
    private static final int ROUNDS = 100_000;
    /** Far below a byte a gap; the measurement itself boxes a few numbers. */
    private static final long MEASUREMENT_BYTES = 10_000;

    private final RtpSender sender = new RtpSender(new RtpFlow(RtpClock.VIDEO_HZ, "239.1.2.3:5004"));

    private record Gap(String flow, long ssrc, int expected, int sequence, int missing) {
        static Gap of(RecordedEvent event) {
            return new Gap(
                    event.getString("flow"),
                    event.getLong("ssrc"),
                    event.getInt("expected"),
                    event.getInt("sequence"),
                    event.getInt("missing"));
        }
    }

    private static List<Gap> stop(Recorded recorded) throws Exception {
        return recorded.stop(GAP).stream().map(Gap::of).toList();
    }

    @Test
    void aGapHasItsNumbers() throws Exception {
        try (Recorded recorded = Recorded.start(GAP)) {
            sender.send(1, 2, 6, 7, 9);
            sender.ssrc = 0xfedcba98;
            sender.send(65_533, 65_535, 2, 3);
            assertEquals(
                    List.of(
                            new Gap("239.1.2.3:5004", 0x1234, 3, 6, 3),
                            new Gap("239.1.2.3:5004", 0x1234, 8, 9, 1),
                            new Gap("239.1.2.3:5004", 0xfedcba98L, 65_534, 65_535, 1),
                            new Gap("239.1.2.3:5004", 0xfedcba98L, 0, 2, 2)),
                    stop(recorded));
        }
    }

    @Test
    void aFlowNeedsNoName() throws Exception {
        try (Recorded recorded = Recorded.start(GAP)) {
            new RtpSender(new RtpFlow()).send(1, 3);
            assertEquals(List.of(new Gap(null, 0x1234, 2, 3, 1)), stop(recorded));
        }
    }

    @Test
    void copiesOfPacketsHaveNoGapOfTheirOwn() throws Exception {
        try (Recorded recorded = Recorded.start(GAP)) {
            RtpSender copies = new RtpSender(RtpFlow.ofCopies()).send(1, 3);
            sender.send(1, 3);
            copies.assertCounts(2, 1, 0, 0, 0);
            assertEquals(List.of(new Gap("239.1.2.3:5004", 0x1234, 2, 3, 1)), stop(recorded));
        }
    }

    /** Only what is ahead of its turn tells a gap: no straggler, no duplicate, no restart. */
    @Test
    void aStragglerTakesNothingBack() throws Exception {
        try (Recorded recorded = Recorded.start(GAP)) {
            sender.send(1, 4, 2, 2, 5, 40_000, 40_001, 40_003);
            assertEquals(1, sender.count(RtpCounter.RESTARTS));
            assertEquals(
                    List.of(
                            new Gap("239.1.2.3:5004", 0x1234, 2, 4, 2),
                            new Gap("239.1.2.3:5004", 0x1234, 40_002, 40_003, 1)),
                    stop(recorded));
        }
    }

    /** Also by the settings that come with the JDK. */
    @ParameterizedTest
    @ValueSource(strings = {"default", "profile"})
    void nothingIsRecordedUnasked(String settings) throws Exception {
        try (Recorded recorded = Recorded.start(new Recording(Configuration.getConfiguration(settings)))) {
            sender.send(1, 3);
            assertEquals(List.of(), stop(recorded));
        }
    }

    @Test
    void aGapThatIsNotRecordedAllocatesNothing() {
        try (Recorded recorded = Recorded.start("jdk.JVMInformation")) {
            sendGaps();
            long before = AllocatedBytes.ofThisThread();
            sendGaps();
            long allocated = AllocatedBytes.ofThisThread() - before;
            assertTrue(allocated < MEASUREMENT_BYTES, ROUNDS + " gaps allocated " + allocated + " bytes");
        }
    }

    private void sendGaps() {
        for (int i = 0; i < ROUNDS; i++) {
            sender.packet(2 * i, 0);
        }
    }
}
