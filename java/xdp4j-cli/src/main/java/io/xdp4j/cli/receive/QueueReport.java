// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.xdp4j.xdp.UmemAudit;
import io.xdp4j.xdp.XdpStatistics;

/**
 * What one RX queue's receiver has to say at the end.
 *
 * @param taken packets that it took from its sockets
 * @param zeroCopy whether the driver writes straight into the UMEM
 * @param hugePages whether the UMEM is on huge pages
 * @param hugePageRefusal why it is not; null when it is, or when a process that knew has died
 * @param napi whether its sockets have a NAPI that busy poll runs; false when a process that knew has died
 * @param statistics of its sockets together
 * @param frames where they were
 * @param cpu time of the receiving thread; without that of processes that died
 * @param longestAbsenceMs see {@link io.xdp4j.schedule.ReceiverCounts#longestAbsenceNs()}
 * @param firstPacketNs see {@link io.xdp4j.schedule.ReceiverCounts#firstPacketNs()}
 * @param restarts how often its process was started again; null for a thread
 * @param fullest the most packets that a look found waiting in one of its RX rings; in descriptors, as {@link
 *     QueueSample#fullest()} is
 */
public record QueueReport(
        int queue,
        long taken,
        boolean zeroCopy,
        boolean hugePages,
        @JsonIgnore String hugePageRefusal,
        @JsonIgnore boolean napi,
        int sockets,
        XdpStatistics statistics,
        UmemAudit frames,
        ReceiveReport.CpuReport cpu,
        double longestAbsenceMs,
        @JsonIgnore long firstPacketNs,
        @JsonInclude(JsonInclude.Include.NON_NULL) Integer restarts,
        int fullest) {}
