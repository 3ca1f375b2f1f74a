// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.xdp4j.source.PacedSender;
import io.xdp4j.source.RtpSource;
import io.xdp4j.source.SourceCounters;
import io.xdp4j.source.SourceFlow;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What {@code send} did; its components are the fields of {@code --json}.
 *
 * @param engine {@code live-frames} or {@code sendmmsg}
 * @param interfaceName where the packets left
 * @param rate turns a second asked for, over all flows together
 * @param elapsedSeconds from the first packet to the last
 * @param slippedMs how much later the last packet was due than count and rate say, because the sender was held up
 * @param refused of the frames sent, those that the device refused; null when that cannot be told
 * @param flows in the order of their turns
 */
record SendReport(
        String engine,
        @JsonProperty("interface") String interfaceName,
        long rate,
        double elapsedSeconds,
        double slippedMs,
        Long refused,
        List<FlowReport> flows) {

    /** Of one flow; the numbers are those of {@link SourceCounters}. */
    record FlowReport(
            String flow,
            String ssrc,
            int firstSequence,
            long positions,
            long sent,
            long lost,
            long duplicated,
            long swapped) {
        static FlowReport of(SourceFlow flow, SourceCounters counters) {
            return new FlowReport(
                    flow.flow().toString(),
                    String.format("0x%08x", flow.ssrc()),
                    flow.firstSequence(),
                    counters.positions(),
                    counters.sent(),
                    counters.lost(),
                    counters.duplicated(),
                    counters.swapped());
        }

        private String line() {
            return String.format(
                    Locale.ROOT,
                    "  %s  SSRC %s  first sequence %d  positions %,d  sent %,d  lost %,d  duplicated %,d  swapped %,d",
                    flow,
                    ssrc,
                    firstSequence,
                    positions,
                    sent,
                    lost,
                    duplicated,
                    swapped);
        }
    }

    static SendReport of(RtpSource source, String interfaceName, PacedSender sender, long rate, Long refused) {
        return new SendReport(
                source.engine().toString(),
                interfaceName,
                rate,
                sender.elapsedNs() / 1e9,
                sender.slippedNs() / 1e6,
                refused,
                IntStream.range(0, source.flows().size())
                        .mapToObj(i -> FlowReport.of(source.flows().get(i), source.counters(i)))
                        .toList());
    }

    long sent() {
        return flows.stream().mapToLong(FlowReport::sent).sum();
    }

    /** For people. */
    List<String> lines() {
        String head = String.format(
                Locale.ROOT,
                "sent %,d packets in %.3f s by %s; refused by the device: %s; schedule slipped %.1f ms",
                sent(),
                elapsedSeconds,
                engine,
                refused == null ? "not known" : String.format(Locale.ROOT, "%,d", refused),
                slippedMs);
        return Stream.concat(
                        Stream.of(head), flows.stream().map(FlowReport::line))
                .toList();
    }
}
