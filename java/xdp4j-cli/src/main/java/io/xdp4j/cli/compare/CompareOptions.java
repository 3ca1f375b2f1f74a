// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.receive.Idle;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options that say what is compared (a picocli mixin). */
final class CompareOptions {
    private static final long MOST_PPS = 10_000_000;
    private static final int MOST_SECONDS = 3_600;

    /** An Ethernet frame without FCS, padded (IEEE 802.3). */
    private static final int SMALLEST_FRAME_BYTES = 60;

    /** An MTU of 1,500 and the Ethernet header. */
    private static final int LARGEST_FRAME_BYTES = 1_514;

    @Option(
            names = "--rates",
            split = ",",
            paramLabel = "PPS",
            defaultValue = "150000,390000,520000",
            description = "Packets a second, all flows together. Default: ${DEFAULT-VALUE}.")
    private List<Long> rates;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "6",
            description = "How long each cell sends. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "214",
            description = "Bytes of the Ethernet frame, without FCS. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(
            names = "--backends",
            split = ",",
            paramLabel = "BACKEND",
            defaultValue = "xdp,question,raw,recvmmsg,nio",
            converter = BackendConverter.class,
            description = "Ways to receive. question is xdp as in the program that lost packets: rings of 2,048 and a"
                    + " sleep of 2 ms; peer is xdp in plain C, of this build. Default: ${DEFAULT-VALUE}.")
    private List<Backend> backends;

    @Option(
            names = "--idle",
            split = ",",
            paramLabel = "STRATEGY",
            defaultValue = "sleep:1ms",
            converter = Idle.Converter.class,
            description = "What all but question do when nothing is there, as of receive: sleep:DURATION, spin, poll,"
                    + " yield. Default: ${DEFAULT-VALUE}.")
    private List<Idle> idles;

    /** Bytes of the Ethernet frame. */
    int size() {
        return size;
    }

    /**
     * What they ask for. What the peer is to do is left out, and said so, when it is not there.
     *
     * @throws BadInput when nothing would be left
     */
    Measurement measurement(Cpus cpus, PeerProgram peer) {
        return GridMeasurement.of(rates, idles, withoutAbsent(backends, peer), seconds, size, cpus);
    }

    private static List<Backend> withoutAbsent(List<Backend> wanted, PeerProgram peer) {
        List<Backend> left = wanted.stream()
                .filter(backend -> !backend.isPeer() || peer.isThere())
                .toList();
        if (left.isEmpty()) {
            throw new BadInput("--backends " + text(wanted) + ": " + peer.absence());
        }
        if (left.size() < wanted.size()) {
            System.err.println("left out: "
                    + text(wanted.stream().filter(Backend::isPeer).toList()) + ": " + peer.absence());
        }
        return left;
    }

    private static String text(List<Backend> backends) {
        return backends.stream().map(Backend::toString).collect(Collectors.joining(","));
    }

    /** @throws BadInput whose message names the option and the remedy */
    void check() {
        for (long rate : rates) {
            if (rate < 1 || rate > MOST_PPS) {
                throw new BadInput("--rates " + rate + " is not between 1 and " + MOST_PPS + " packets a second");
            }
        }
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new BadInput("--seconds " + seconds + " is not between 1 and " + MOST_SECONDS);
        }
        if (size < SMALLEST_FRAME_BYTES || size > LARGEST_FRAME_BYTES) {
            throw new BadInput("--size " + size + " is not between " + SMALLEST_FRAME_BYTES + " and "
                    + LARGEST_FRAME_BYTES + " bytes, what Ethernet with an MTU of 1500 carries");
        }
        requireOnce("--rates", rates);
        requireOnce("--backends", backends);
        requireOnce("--idle", idles.stream().map(Idle::text).toList());
        if (backends.contains(Backend.PEER) && idles.stream().anyMatch(idle -> idle.text().equals(Idle.YIELD))) {
            throw new BadInput("--idle yield: the peer does not have it: use spin, or leave peer out of --backends");
        }
    }

    private static void requireOnce(String option, List<?> values) {
        var seen = new LinkedHashSet<Object>();
        for (Object value : values) {
            if (!seen.add(value)) {
                throw new BadInput(option + " has " + value + " twice: give it once");
            }
        }
    }

    /** Names what there is when there is no such backend. */
    static final class BackendConverter implements CommandLine.ITypeConverter<Backend> {
        @Override
        public Backend convert(String name) {
            for (Backend backend : Backend.values()) {
                if (backend.toString().equals(name)) {
                    return backend;
                }
            }
            throw new CommandLine.TypeConversionException(
                    "'" + name + "' is not a backend: use " + text(List.of(Backend.values())));
        }
    }
}
