// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

/** What receives: {@code --backend}. */
public enum Backend {
    /** AF_XDP sockets, one for each flow, on one UMEM and one queue. */
    XDP,
    /** SOCK_RAW, one recvmsg a packet. */
    RAW,
    /** A UDP socket, one recvmmsg a batch. */
    RECVMMSG,
    /** A DatagramChannel, without native code. */
    NIO;

    /** As it is typed and printed. */
    @Override
    public String toString() {
        return name().toLowerCase();
    }
}
