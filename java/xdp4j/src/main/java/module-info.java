// SPDX-License-Identifier: Apache-2.0

/** AF_XDP for Java: packets from kernel rings or sockets through one seam, RTP accounting, and a ledger of losses. */
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
