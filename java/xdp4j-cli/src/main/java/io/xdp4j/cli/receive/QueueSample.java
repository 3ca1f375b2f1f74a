// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.xdp.XdpStatistics;

/**
 * How full the rings of a queue were since the sample before, and what happened to it since the beginning.
 *
 * @param fullest the most packets that a look found waiting in one of its sockets' RX rings; where packets take several
 *     frames, the most descriptors
 * @param room how many can wait: what the smaller one of RX ring and fill ring holds
 * @param taken packets that left its RX rings, since the beginning, as all that follows
 * @param statistics of its sockets together
 * @param longestAbsenceNs of its receiver: see {@link io.xdp4j.schedule.ReceiverCounts#longestAbsenceNs()}
 * @param restarts how often its process was started again; null for a thread
 */
public record QueueSample(
        int queue,
        int fullest,
        int room,
        long taken,
        XdpStatistics statistics,
        long longestAbsenceNs,
        Integer restarts) {}
