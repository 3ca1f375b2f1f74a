// SPDX-License-Identifier: Apache-2.0

/**
 * AF_XDP for Java: packets from kernel rings or sockets through one seam, RTP accounting, and a ledger of losses.
 *
 * <p>A {@link io.xdp4j.packet.PacketSource} brings packets, a {@link io.xdp4j.schedule.Receiver} is the thread that
 * takes them, an {@link io.xdp4j.rtp.RtpFlow} checks their sequence, and a {@link io.xdp4j.ledger.LossLedger} says
 * where the missing ones were lost.
 *
 * <p>Unless a class says otherwise: times are nanoseconds of {@link System#nanoTime()} (CLOCK_MONOTONIC) and sizes are
 * bytes. What is opened belongs to the caller, who closes it. A call that the kernel refuses throws a {@link
 * io.xdp4j.packet.KernelException}, and a call at the wrong time an {@link IllegalStateException}. {@code null} is no
 * argument.
 */
module io.xdp4j {
    requires java.management;
    requires static jdk.jfr; // events are for where it is; a runtime image may be made without

    exports io.xdp4j.jfr;
    exports io.xdp4j.ledger;
    exports io.xdp4j.packet;
    exports io.xdp4j.process;
    exports io.xdp4j.rtp;
    exports io.xdp4j.schedule;
    exports io.xdp4j.source;
    exports io.xdp4j.udp;
    exports io.xdp4j.xdp;
}
