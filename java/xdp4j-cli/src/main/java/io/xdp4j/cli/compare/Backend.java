// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.receive.ReceiveSettings;
import io.xdp4j.xdp.Umem;
import java.util.List;
import java.util.Locale;

/** What is compared: a way to receive, and the options of {@code xdp4j receive} for it. */
enum Backend {
    /** AF_XDP as {@code receive} sets it up by itself. */
    XDP("xdp", Umem.DEFAULT_RING, List.of()),

    /** AF_XDP as in the program that lost packets: short rings, and a sleep of 2 ms when there is nothing. */
    QUESTION(
            "xdp",
            ReceiveSettings.QUESTION_RING,
            List.of(
                    "--rx-ring", Integer.toString(ReceiveSettings.QUESTION_RING),
                    "--fill-ring", Integer.toString(ReceiveSettings.QUESTION_RING))),

    /** A raw socket, one recvmsg a packet. */
    RAW("raw", null, List.of()),

    /** A UDP socket, one recvmmsg a batch. */
    RECVMMSG("recvmmsg", null, List.of()),

    /** A DatagramChannel. */
    NIO("nio", null, List.of());

    private final String receiveBackend;
    private final Integer ringDescriptors;
    private final List<String> receiveOptions;

    Backend(String receiveBackend, Integer ringDescriptors, List<String> receiveOptions) {
        this.receiveBackend = receiveBackend;
        this.ringDescriptors = ringDescriptors;
        this.receiveOptions = receiveOptions;
    }

    /** Of the fill ring and of each RX ring; null for sockets. */
    Integer ringDescriptors() {
        return ringDescriptors;
    }

    /** For {@code receive --backend}. */
    String receiveBackend() {
        return receiveBackend;
    }

    /** Further options of {@code receive}. */
    List<String> receiveOptions() {
        return receiveOptions;
    }

    /** Its flows have one process, for they arrive on one queue and share a UMEM; a socket has a process to itself. */
    boolean isXdp() {
        return ringDescriptors != null;
    }

    /** As the command line, the table and the JSON have it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
