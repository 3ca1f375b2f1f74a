// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.xdp4j.cli.record.RecordReport;
import io.xdp4j.cli.sdp.Announcement;
import io.xdp4j.ledger.Advice;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.udp.SocketStatistics;
import io.xdp4j.xdp.FlowCounters;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.ProgramCounters;
import io.xdp4j.xdp.UmemAudit;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;

/**
 * All that {@code receive} has to say at the end; the summary and the JSON are made from it.
 *
 * @param seconds from ready to the end
 * @param longestAbsenceMs of a receiver: see {@link io.xdp4j.schedule.Receiver#longestAbsenceNs()}
 * @param firstPacketMs from the start of this process until the first packet was counted; null when none came
 * @param flows those at the end
 * @param removed what became of flows that were removed on the way
 * @param limits what the ledger cannot tell apart on this machine
 * @param xdp null for sockets
 * @param socket null for AF_XDP
 * @param latencyUs from kernel to user, of all packets; without those that a process had measured and not told when it
 *     died, of its last second; null where the kernel gives no arrival time (nio) or nothing came
 * @param record null when nothing was recorded
 */
public record ReceiveReport(
        String backend,
        @JsonProperty("interface") String interfaceName,
        String idle,
        double seconds,
        double longestAbsenceMs,
        Double firstPacketMs,
        List<FlowReport> flows,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<RemovedFlow> removed,
        List<String> limits,
        @JsonInclude(JsonInclude.Include.NON_NULL) XdpReport xdp,
        @JsonInclude(JsonInclude.Include.NON_NULL) SocketReport socket,
        CpuReport cpu,
        LatencyReport latencyUs,
        @JsonInclude(JsonInclude.Include.NON_NULL) RecordReport record) {
    static ReceiveReport ofXdp(
            ReceiveSettings settings,
            double seconds,
            List<FlowReport> flows,
            List<FlowLedger> removed,
            LedgerSnapshot closing,
            List<QueueReport> queues,
            XdpReport xdp,
            FlowLatencies latencies) {
        return new ReceiveReport(
                settings.backend().toString(),
                settings.interfaceName(),
                settings.idle().text(),
                seconds,
                queues.stream().mapToDouble(QueueReport::longestAbsenceMs).max().orElse(0),
                sinceStartMs(queues.stream().mapToLong(QueueReport::firstPacketNs)),
                flows,
                removed.stream().map(RemovedFlow::of).toList(),
                closing.limits(),
                xdp,
                null,
                CpuReport.sum(queues.stream().map(QueueReport::cpu).toList()),
                LatencyReport.of(latencies.totals()),
                null);
    }

    ReceiveReport with(RecordReport recorded) {
        return new ReceiveReport(
                backend, interfaceName, idle, seconds, longestAbsenceMs, firstPacketMs, flows, removed, limits, xdp,
                socket, cpu, latencyUs, recorded);
    }

    /** @param firstPacketsNs of each receiver: see {@link io.xdp4j.schedule.ReceiverCounts#firstPacketNs()} */
    private static Double sinceStartMs(LongStream firstPacketsNs) {
        OptionalLong first = firstPacketsNs.filter(ns -> ns != 0).min();
        if (first.isEmpty()) {
            return null;
        }
        return ProcessAge.ms() - (System.nanoTime() - first.getAsLong()) / 1e6;
    }

    /** @param firstPacketsNs as above */
    static ReceiveReport ofSockets(
            ReceiveSettings settings,
            double seconds,
            double longestAbsenceMs,
            LongStream firstPacketsNs,
            List<FlowReport> flows,
            LedgerSnapshot closing,
            SocketReport sockets,
            CpuReport cpu,
            FlowLatencies latencies) {
        return new ReceiveReport(
                settings.backend().toString(),
                settings.interfaceName(),
                settings.idle().text(),
                seconds,
                longestAbsenceMs,
                sinceStartMs(firstPacketsNs),
                flows,
                List.of(),
                closing.limits(),
                null,
                sockets,
                cpu,
                LatencyReport.of(latencies.totals()),
                null);
    }

    /** The account of a flow that was removed; of one that came several times, of all of them together. */
    public record RemovedFlow(String flow, LedgerReport ledger) {
        static RemovedFlow of(FlowLedger ledger) {
            return new RemovedFlow(ledger.flow().toString(), LedgerReport.of(ledger));
        }
    }

    /**
     * Where the flow's packets went, and what the RTP headers of those that arrived tell.
     *
     * @param sdp what a session description says of it; null when none names it
     * @param ssrc of the latest RTP packet, like the next two; null when none came
     * @param clockRateHz by which jitter is reckoned
     * @param split whether its packets came to several receivers, one after the other or side by side, so that none saw
     *     the whole sequence: see {@link RtpFigures#of}
     * @param discontinuities null when split, like the next four
     * @param latencyUs as that of the whole
     * @param kernel what the XDP program counted; null for sockets
     */
    public record FlowReport(
            String flow,
            @JsonInclude(JsonInclude.Include.NON_NULL) Announcement sdp,
            LedgerReport ledger,
            List<AdviceReport> advice,
            String ssrc,
            Integer payloadType,
            Integer clockRateHz,
            boolean split,
            long received,
            long expected,
            long lost,
            @JsonInclude(JsonInclude.Include.NON_NULL) Long discontinuities,
            @JsonInclude(JsonInclude.Include.NON_NULL) Long late,
            @JsonInclude(JsonInclude.Include.NON_NULL) Long restarts,
            @JsonInclude(JsonInclude.Include.NON_NULL) Long reordered,
            @JsonInclude(JsonInclude.Include.NON_NULL) Long duplicate,
            long ssrcChanges,
            long nonRtp,
            long bytes,
            double jitterMs,
            LatencyReport latencyUs,
            @JsonInclude(JsonInclude.Include.NON_NULL) FlowCounters kernel) {
        static FlowReport of(
                FlowLedger ledger,
                List<Advice> advice,
                ReceiveSettings settings,
                RtpStatistics rtp,
                boolean split,
                Histogram latencyNs,
                FlowCounters kernel) {
            Map<RtpCounter, Long> figures = RtpFigures.of(rtp, ledger, split);
            return new FlowReport(
                    ledger.flow().toString(),
                    settings.wanted().announcement(ledger.flow()).orElse(null),
                    LedgerReport.of(ledger),
                    advice.stream()
                            .filter(of -> of.flow().equals(ledger.flow()))
                            .map(of -> AdviceReport.of(of, settings))
                            .toList(),
                    rtp.latestStream()
                            .map(stream -> String.format("0x%08x", stream.ssrc()))
                            .orElse(null),
                    rtp.latestStream().map(RtpStatistics.Stream::payloadType).orElse(null),
                    rtp.latestStream().map(RtpStatistics.Stream::clockRateHz).orElse(null),
                    split,
                    figures.get(RtpCounter.RECEIVED),
                    figures.get(RtpCounter.EXPECTED),
                    figures.get(RtpCounter.LOST),
                    figures.get(RtpCounter.DISCONTINUITIES),
                    figures.get(RtpCounter.LATE),
                    figures.get(RtpCounter.RESTARTS),
                    figures.get(RtpCounter.REORDERED),
                    figures.get(RtpCounter.DUPLICATE),
                    figures.get(RtpCounter.SSRC_CHANGES),
                    figures.get(RtpCounter.NON_RTP),
                    figures.get(RtpCounter.BYTES),
                    rtp.latestStream().map(RtpStatistics.Stream::jitterMs).orElse(0.0),
                    LatencyReport.of(latencyNs),
                    kernel);
        }
    }

    /**
     * @param mode in force: native or generic
     * @param fallback why native was refused, or null
     * @param hugePages whether all UMEMs are on huge pages
     * @param hugePageRefusal why one is not, and what would help; null when all are
     * @param multiBuffer whether a packet may come in several frames
     * @param workers threads or processes
     * @param busyPoll null when there is none
     * @param sockets of all queues
     * @param fullest the most packets that a look found waiting in an RX ring
     * @param rxDropped of all sockets: no frame was there (copy mode), or too few for the packet
     * @param rxRingFull of all sockets
     * @param rxFillRingEmpty of the fill rings, each of which the sockets of a queue share
     * @param rxInvalidDescriptors of all sockets
     */
    public record XdpReport(
            String mode,
            boolean zeroCopy,
            String fallback,
            boolean hugePages,
            String hugePageRefusal,
            int frameSize,
            boolean multiBuffer,
            int fillRing,
            int rxRing,
            String workers,
            BusyPollReport busyPoll,
            int sockets,
            int fullest,
            long rxDropped,
            long rxRingFull,
            long rxFillRingEmpty,
            long rxInvalidDescriptors,
            UmemAudit frames,
            ProgramCounters program,
            List<QueueReport> queues) {
        static XdpReport of(
                Mode mode, String fallback, XdpSettings settings, List<QueueReport> queues, ProgramCounters program) {
            return new XdpReport(
                    mode.name().toLowerCase(Locale.ROOT),
                    queues.stream().allMatch(QueueReport::zeroCopy),
                    fallback,
                    queues.stream().allMatch(QueueReport::hugePages),
                    queues.stream()
                            .map(QueueReport::hugePageRefusal)
                            .filter(Objects::nonNull)
                            .findFirst()
                            .orElse(null),
                    settings.frameSize(),
                    settings.multiBuffer(),
                    settings.fillRing(),
                    settings.rxRing(),
                    settings.workers().toString(),
                    BusyPollReport.of(settings.busyPollBudget(), queues),
                    queues.stream().mapToInt(QueueReport::sockets).sum(),
                    queues.stream().mapToInt(QueueReport::fullest).max().orElse(0),
                    sum(queues, queue -> queue.statistics().rxDropped()),
                    sum(queues, queue -> queue.statistics().rxRingFull()),
                    sum(queues, queue -> queue.statistics().rxFillRingEmpty()),
                    sum(queues, queue -> queue.statistics().rxInvalidDescriptors()),
                    queues.stream().map(QueueReport::frames).reduce(UmemAudit::plus).orElseThrow(),
                    program,
                    queues);
        }

        private static long sum(List<QueueReport> queues, ToLongFunction<QueueReport> figure) {
            return queues.stream().mapToLong(figure).sum();
        }
    }

    /**
     * @param budget packets that a look at an empty ring takes from the device at most
     * @param effective whether each queue has a NAPI that it runs
     */
    public record BusyPollReport(int budget, boolean effective) {
        private static BusyPollReport of(int budget, List<QueueReport> queues) {
            return budget == 0
                    ? null
                    : new BusyPollReport(budget, queues.stream().allMatch(QueueReport::napi));
        }
    }

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

    /**
     * CPU time of the receiver threads, until they drain at the end, in nanoseconds.
     *
     * @param busyNs see {@link io.xdp4j.schedule.ReceiverCounts#busyNs()}
     */
    public record CpuReport(long userNs, long systemNs, long busyNs) {
        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

        /** Of a receiver that has not ended. */
        public static CpuReport of(Receiver receiver) {
            long id = receiver.thread().getId();
            long user = THREADS.getThreadUserTime(id);
            long all = THREADS.getThreadCpuTime(id);
            return new CpuReport(
                    user,
                    Math.max(all - user, 0), // user time has the kernel's tick
                    receiver.counts().busyNs());
        }

        static CpuReport sum(List<CpuReport> parts) {
            return new CpuReport(
                    parts.stream().mapToLong(CpuReport::userNs).sum(),
                    parts.stream().mapToLong(CpuReport::systemNs).sum(),
                    parts.stream().mapToLong(CpuReport::busyNs).sum());
        }
    }
}
