// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.xdp4j.ledger.Advice;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.udp.SocketStatistics;
import io.xdp4j.xdp.FlowCounters;
import io.xdp4j.xdp.ProgramCounters;
import io.xdp4j.xdp.UmemAudit;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * All that {@code receive} has to say at the end; the summary and the JSON are made from it.
 *
 * @param queue null for sockets
 * @param seconds from ready to the end
 * @param longestAbsenceMs of a receiver: see {@link io.xdp4j.schedule.Receiver#longestAbsenceNs()}
 * @param limits what the ledger cannot tell apart on this machine
 * @param xdp null for sockets
 * @param socket null for AF_XDP
 * @param latencyUs from kernel to user; null where the kernel gives no arrival time (nio) or nothing came
 */
public record ReceiveReport(
        String backend,
        @JsonProperty("interface") String interfaceName,
        @JsonInclude(JsonInclude.Include.NON_NULL) Integer queue,
        String idle,
        double seconds,
        double longestAbsenceMs,
        List<FlowReport> flows,
        List<String> limits,
        @JsonInclude(JsonInclude.Include.NON_NULL) XdpReport xdp,
        @JsonInclude(JsonInclude.Include.NON_NULL) SocketReport socket,
        CpuReport cpu,
        LatencyReport latencyUs) {

    /**
     * Where the flow's packets went, and what the RTP headers of those that arrived tell.
     *
     * @param kernel what the XDP program counted; null for sockets
     */
    public record FlowReport(
            String flow,
            LedgerReport ledger,
            List<AdviceReport> advice,
            String ssrc,
            long received,
            long expected,
            long lost,
            long discontinuities,
            long reordered,
            long duplicate,
            long late,
            long ssrcChanges,
            long restarts,
            long nonRtp,
            long bytes,
            double jitterMs,
            @JsonInclude(JsonInclude.Include.NON_NULL) FlowCounters kernel) {
        static FlowReport of(
                FlowLedger ledger,
                List<Advice> advice,
                ReceiveSettings settings,
                RtpStatistics rtp,
                FlowCounters kernel) {
            return new FlowReport(
                    ledger.flow().toString(),
                    LedgerReport.of(ledger),
                    advice.stream()
                            .filter(of -> of.flow().equals(ledger.flow()))
                            .map(of -> AdviceReport.of(of, settings))
                            .toList(),
                    rtp.latestStream()
                            .map(stream -> String.format("0x%08x", stream.ssrc()))
                            .orElse(null),
                    rtp.count(RtpCounter.RECEIVED),
                    rtp.count(RtpCounter.EXPECTED),
                    rtp.count(RtpCounter.LOST),
                    rtp.count(RtpCounter.DISCONTINUITIES),
                    rtp.count(RtpCounter.REORDERED),
                    rtp.count(RtpCounter.DUPLICATE),
                    rtp.count(RtpCounter.LATE),
                    rtp.count(RtpCounter.SSRC_CHANGES),
                    rtp.count(RtpCounter.RESTARTS),
                    rtp.count(RtpCounter.NON_RTP),
                    rtp.count(RtpCounter.BYTES),
                    rtp.latestStream().map(RtpStatistics.Stream::jitterMs).orElse(0.0),
                    kernel);
        }
    }

    /**
     * @param mode in force: native or generic
     * @param fallback why native was refused, or null
     * @param multiBuffer whether a packet may come in several frames
     * @param rxDropped of all sockets: no frame was there (copy mode), or too few for the packet
     * @param rxRingFull of all sockets
     * @param rxFillRingEmpty of the fill ring, which the sockets share
     * @param rxInvalidDescriptors of all sockets
     */
    public record XdpReport(
            String mode,
            boolean zeroCopy,
            String fallback,
            boolean hugePages,
            int frameSize,
            boolean multiBuffer,
            int fillRing,
            int rxRing,
            int sockets,
            long rxDropped,
            long rxRingFull,
            long rxFillRingEmpty,
            long rxInvalidDescriptors,
            UmemAudit frames,
            ProgramCounters program) {}

    /**
     * Sums over the sockets, but {@code receiveBufferBytes}, which is what each got.
     *
     * @param drops null when the kernel did not tell
     */
    public record SocketReport(String kind, long receiveBufferBytes, Long drops, long truncated, long others) {
        static SocketReport of(Backend backend, List<SocketStatistics> sockets) {
            return new SocketReport(
                    backend.toString(),
                    sockets.get(0).receiveBufferBytes(),
                    sockets.stream().anyMatch(socket -> socket.drops() < 0)
                            ? null
                            : sockets.stream().mapToLong(SocketStatistics::drops).sum(),
                    sockets.stream().mapToLong(SocketStatistics::truncated).sum(),
                    sockets.stream().mapToLong(SocketStatistics::others).sum());
        }
    }

    /** CPU time of the receiver threads, from ready to the end, in nanoseconds. */
    public record CpuReport(long userNs, long systemNs) {}

    /** In microseconds. */
    public record LatencyReport(double p50, double p99, double p999, double max) {
        static LatencyReport of(Histogram nanoseconds) {
            if (nanoseconds.getTotalCount() == 0) {
                return null;
            }
            return new LatencyReport(
                    nanoseconds.getValueAtPercentile(50) / 1e3,
                    nanoseconds.getValueAtPercentile(99) / 1e3,
                    nanoseconds.getValueAtPercentile(99.9) / 1e3,
                    nanoseconds.getMaxValue() / 1e3);
        }
    }
}
