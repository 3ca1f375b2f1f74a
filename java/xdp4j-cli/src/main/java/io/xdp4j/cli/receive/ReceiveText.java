// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpStatistics;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** What {@code receive} says to a person: a line a second for each flow, and a summary. */
final class ReceiveText {
    private final PrintWriter out;

    ReceiveText(PrintWriter out) {
        this.out = out;
    }

    /** The first words; whoever waits for the receiver to be ready waits for a line that starts so. */
    void receiving(ReceiveSettings settings, String inForce) {
        say("receiving %s on %s: %s, %s, idle %s%n",
                join(settings.flows()), settings.interfaceName(), settings.backend(), inForce, settings.idle().text());
        out.flush();
    }

    /** One line for each flow; the rates are those since the snapshots before. */
    void second(List<Flow> flows, List<RtpStatistics> before, List<RtpStatistics> now, double seconds) {
        for (int i = 0; i < flows.size(); i++) {
            long packets = now.get(i).count(RtpCounter.RECEIVED) - before.get(i).count(RtpCounter.RECEIVED);
            long bytes = now.get(i).count(RtpCounter.BYTES) - before.get(i).count(RtpCounter.BYTES);
            say("%-24s %,11.0f pps %,9.1f Mbit/s   lost %,d   total %,d%n",
                    flows.get(i),
                    packets / seconds,
                    bytes * 8 / seconds / 1e6,
                    now.get(i).count(RtpCounter.LOST),
                    now.get(i).count(RtpCounter.RECEIVED));
        }
        out.flush();
    }

    void warning(String text) {
        say("warning: %s%n", text);
        out.flush();
    }

    void summary(ReceiveReport report) {
        say("%nafter %.1f s%n", report.seconds());
        for (ReceiveReport.FlowReport flow : report.flows()) {
            flow(flow);
        }
        if (report.xdp() != null) {
            xdp(report.xdp());
        } else {
            ReceiveReport.SocketReport socket = report.socket();
            say("sockets   dropped %s   truncated %,d   receive buffer %,d bytes%n",
                    socket.drops() == null ? "unknown" : String.format(Locale.ROOT, "%,d", socket.drops()),
                    socket.truncated(), socket.receiveBufferBytes());
        }
        if (report.latencyUs() != null) {
            say("latency   kernel to user: p50 %.1f us   p99 %.1f us   max %.1f us%n",
                    report.latencyUs().p50(), report.latencyUs().p99(), report.latencyUs().max());
        }
        out.flush();
    }

    private void flow(ReceiveReport.FlowReport flow) {
        say("%s%s%n", flow.flow(), flow.ssrc() == null ? "   no RTP packet came" : "   SSRC " + flow.ssrc());
        say("  received %,d   expected %,d   lost %,d   discontinuities %,d   reordered %,d   duplicate %,d"
                        + "   late %,d%n",
                flow.received(), flow.expected(), flow.lost(), flow.discontinuities(), flow.reordered(),
                flow.duplicate(), flow.late());
        say("  not RTP %,d   SSRC changes %,d   restarts %,d   jitter %.3f ms%n",
                flow.nonRtp(), flow.ssrcChanges(), flow.restarts(), flow.jitterMs());
        if (flow.kernel() != null) {
            say("  XDP program: seen %,d   redirected %,d   passed on for want of a socket on the queue %,d%n",
                    flow.kernel().seen(), flow.kernel().redirected(),
                    flow.kernel().noSocket() + flow.kernel().wrongQueue());
            if (flow.kernel().noMetadata() > 0) {
                warning(String.format(Locale.ROOT,
                        "%,d packets passed on: the driver leaves no room for metadata; use --mode generic",
                        flow.kernel().noMetadata()));
            }
        }
    }

    private void xdp(ReceiveReport.XdpReport xdp) {
        say("AF_XDP    dropped %,d   fill ring empty %,d   RX ring full %,d   (%s, %s)%n",
                xdp.rxDropped(), xdp.rxFillRingEmpty(), xdp.rxRingFull(), xdp.mode(),
                xdp.zeroCopy() ? "zero-copy" : "copy mode: a packet that finds the fill ring empty is in both counts");
        if (!xdp.frames().sound()) {
            warning("frames are not conserved: " + xdp.frames());
        }
    }

    private static String join(List<Flow> flows) {
        return String.join(", ", flows.stream().map(Flow::toString).toList());
    }

    private void say(String format, Object... arguments) {
        out.printf(Locale.ROOT, format, arguments);
    }
}
