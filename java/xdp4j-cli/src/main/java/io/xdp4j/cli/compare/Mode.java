// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.receive.Idle;
import java.util.List;

/** What {@code compare} compares, and what it has by default. */
enum Mode {
    /** Who loses how much at given rates. */
    GRID(
            6,
            List.of(Backend.XDP, Backend.QUESTION, Backend.RAW, Backend.RECVMMSG, Backend.NIO),
            List.of(150_000L, 390_000L, 520_000L),
            List.of("sleep:1ms")),

    /** {@code --lossless}: how far each goes. */
    LOSSLESS(
            5,
            List.of(Backend.XDP, Backend.PEER, Backend.RAW, Backend.RECVMMSG, Backend.NIO, Backend.DROP),
            List.of(),
            List.of("sleep:1ms")),

    /** {@code --cost}: what a packet costs. At the lower rate a receiver has time to sleep, at the higher hardly. */
    COST(6, List.of(Backend.XDP, Backend.PEER), List.of(390_000L, 1_000_000L), List.of("sleep:1ms", "spin"));

    private final int seconds;
    private final List<Backend> backends;
    private final List<Long> ratesPps;
    private final List<Idle> idles;

    Mode(int seconds, List<Backend> backends, List<Long> ratesPps, List<String> idles) {
        this.seconds = seconds;
        this.backends = backends;
        this.ratesPps = ratesPps;
        this.idles = idles.stream().map(new Idle.Converter()::convert).toList();
    }

    /** Of a cell; of a run that confirms a rate. */
    int seconds() {
        return seconds;
    }

    List<Backend> backends() {
        return backends;
    }

    /** Empty where the rate is what is looked for. */
    List<Long> ratesPps() {
        return ratesPps;
    }

    /** What receivers do when nothing is there. */
    List<Idle> idles() {
        return idles;
    }
}
