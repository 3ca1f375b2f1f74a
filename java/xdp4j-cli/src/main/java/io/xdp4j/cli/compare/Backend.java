// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.receive.ReceiveSettings;
import io.xdp4j.xdp.Umem;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What is compared: a way to receive, and the options for it. */
enum Backend {
    /** AF_XDP as {@code receive} sets it up by itself. */
    XDP("xdp", Umem.DEFAULT_RING),

    /** AF_XDP as in the program that lost packets: short rings, and a sleep of 2 ms when there is nothing. */
    QUESTION("xdp", ReceiveSettings.QUESTION_RING),

    /** A raw socket, one recvmsg a packet. */
    RAW("raw", null),

    /** A UDP socket, one recvmmsg a batch. */
    RECVMMSG("recvmmsg", null),

    /** A DatagramChannel. */
    NIO("nio", null),

    /** AF_XDP in plain C, with the rings of {@link #XDP}. */
    PEER(null, Umem.DEFAULT_RING),

    /** The peer's XDP program with XDP_DROP in place of the redirect: what the kernel could deliver at most. */
    DROP(null, Umem.DEFAULT_RING);

    private final String receiveBackend;
    private final Integer ringDescriptors;

    /** @param receiveBackend for {@code receive --backend}; null for what the peer does */
    Backend(String receiveBackend, Integer ringDescriptors) {
        this.receiveBackend = receiveBackend;
        this.ringDescriptors = ringDescriptors;
    }

    /** Of the fill ring and of each RX ring; null for sockets. */
    Integer ringDescriptors() {
        return ringDescriptors;
    }

    /** Whether the C program does it: {@link PeerProgram}. Otherwise {@code receive} does. */
    boolean isPeer() {
        return receiveBackend == null;
    }

    /** What tells the program how to receive. */
    List<String> options() {
        if (!isXdp()) {
            return List.of("--backend", receiveBackend);
        }
        String ring = ringDescriptors.toString();
        List<String> rings = List.of("--rx-ring", ring, "--fill-ring", ring);
        return switch (this) {
            case PEER -> rings;
            case DROP -> Stream.concat(Stream.of("--drop"), rings.stream()).toList();
            default -> Stream.concat(Stream.of("--backend", receiveBackend), rings.stream()).toList();
        };
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
