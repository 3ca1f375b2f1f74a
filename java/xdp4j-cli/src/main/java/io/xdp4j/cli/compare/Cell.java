// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.receive.AdviceReport;
import io.xdp4j.cli.receive.Idle;
import io.xdp4j.ledger.Cause;
import java.util.List;
import java.util.Map;

/**
 * What came of one plan. Table, verdict and JSON are made from these and nothing else; the order is that of the JSON.
 *
 * @param backend as on the command line
 * @param idle what the receivers did when nothing was there, as on the command line
 * @param flows how many carried the rate
 * @param offeredPps packets a second asked of the sender, of all flows together
 * @param sent frames that the sender handed to its device, by the sender's own count
 * @param received RTP packets that the receivers handed out
 * @param lost sent − received
 * @param reordered of the received: behind a packet with a later sequence number (RFC 3550)
 * @param duplicate of the received: sequence number seen before
 * @param causes of the lost ones, by the receivers' ledgers; those with packets, in the order of a packet's way
 * @param unexplained lost, less the sum of the causes
 * @param advice by the receivers' ledgers, one for each cause: that of the flow that lost most
 * @param cpuNsPerPacket user and system time of the receivers by packet received; null when nothing was
 * @param userNsPerPacket the user part of it
 * @param systemNsPerPacket the system part of it
 * @param busyNsPerPacket time that the receivers were at work: of their looks that brought packets, from the call to
 *     the end of the handler, by packet received
 * @param softirqNsPerPacket softirq time of the whole machine while the cell ran, by packet received; counted in ticks
 * @param latencyUs null where the receiver knows no arrival time (nio)
 * @param elapsedSeconds from the first to the last packet, by the sender
 * @param slippedMs by how much the sender's schedule slipped in all because the sender was held up
 * @param engine how the sender sent
 * @param mode how the XDP program was attached; null for sockets
 * @param ringDescriptors of the fill ring and of each RX ring; null for sockets
 * @param ringFullest the most packets that a look found waiting in an RX ring; null for sockets, and for the C program,
 *     which does not count it
 * @param receiveBufferBytes what the kernel granted the sockets, the smallest; null for AF_XDP
 */
record Cell(
        String backend,
        String idle,
        int flows,
        long offeredPps,
        long sent,
        long received,
        long lost,
        long reordered,
        long duplicate,
        Map<Cause, Long> causes,
        long unexplained,
        List<AdviceReport> advice,
        Double cpuNsPerPacket,
        Double userNsPerPacket,
        Double systemNsPerPacket,
        Double busyNsPerPacket,
        Double softirqNsPerPacket,
        Latency latencyUs,
        double elapsedSeconds,
        double slippedMs,
        String engine,
        String mode,
        Integer ringDescriptors,
        Integer ringFullest,
        Long receiveBufferBytes) {
    /** The sender did not hold the rate when it took this much longer than asked: 2 %. */
    private static final double LATE = 1.02;

    /**
     * Kernel to user, in microseconds. With several receivers, each figure is that of the worst one.
     *
     * @param p50 half of the packets took no longer
     * @param p99 of a hundred packets, 99 took no longer
     * @param p999 of a thousand, 999 took no longer
     * @param max none took longer
     */
    record Latency(double p50, double p99, double p999, double max) {}

    /** Packets a second that really were sent. */
    double sentPps() {
        return sent / elapsedSeconds;
    }

    /** Whether the sender did not hold the rate. */
    boolean late() {
        return LATE * sentPps() < offeredPps;
    }

    /** Whether the receivers took all of their CPU's time, whatever they received. */
    boolean spun() {
        return new Idle.Converter().convert(idle).neverWaits();
    }
}
