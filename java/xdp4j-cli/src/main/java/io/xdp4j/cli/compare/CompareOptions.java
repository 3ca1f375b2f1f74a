// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.receive.Idle;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say what is compared (a picocli mixin). */
final class CompareOptions {
    private static final long MOST_PPS = 10_000_000;
    private static final int MOST_SECONDS = 3_600;

    /** An Ethernet frame without FCS, padded (IEEE 802.3). */
    private static final int SMALLEST_FRAME_BYTES = 60;

    /** An MTU of 1,500 and the Ethernet header. */
    private static final int LARGEST_FRAME_BYTES = 1_514;

    /** For --rates. */
    private static final List<Long> RATES = List.of(150_000L, 390_000L, 520_000L);

    private static final int SECONDS = 6;
    private static final int CONFIRMATION_SECONDS = 5;

    private static final List<Backend> BACKENDS =
            List.of(Backend.XDP, Backend.QUESTION, Backend.RAW, Backend.RECVMMSG, Backend.NIO);
    private static final List<Backend> SOURCES = List.of(
            Backend.XDP, Backend.PEER, Backend.RAW, Backend.RECVMMSG, Backend.NIO, Backend.DROP);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--lossless",
            description = "In place of given rates, look for the highest rate at which a backend loses nothing.")
    private boolean lossless;

    @Option(
            names = "--rates",
            split = ",",
            paramLabel = "PPS",
            description = "Packets a second, all flows together. Default: 150000,390000,520000.")
    private List<Long> rates = RATES;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long each cell sends; with --lossless each run that confirms a rate. Default: "
                    + SECONDS + "; with --lossless " + CONFIRMATION_SECONDS + ".")
    private Integer seconds;

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
            converter = BackendConverter.class,
            description = "Ways to receive: xdp; question, which is xdp as in the program that lost packets, with rings"
                    + " of 2,048 and a sleep of 2 ms; raw, recvmmsg, nio; peer, which is xdp in plain C; with"
                    + " --lossless also drop, peer with XDP_DROP in place of the redirect. Default:"
                    + " xdp,question,raw,recvmmsg,nio; with --lossless xdp,peer,raw,recvmmsg,nio,drop.")
    private List<Backend> backends;

    @Option(
            names = "--idle",
            split = ",",
            paramLabel = "STRATEGY",
            defaultValue = "sleep:1ms",
            converter = Idle.Converter.class,
            description = "What all but question do when nothing is there, as of receive: sleep:DURATION, spin, poll,"
                    + " yield. With --lossless one of them. Default: ${DEFAULT-VALUE}.")
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
        List<Backend> there = withoutAbsent(backends(), peer);
        return lossless
                ? new LosslessMeasurement(there, idles.get(0), seconds(), size, cpus)
                : GridMeasurement.of(rates, idles, there, seconds(), size, cpus);
    }

    private List<Backend> backends() {
        return backends != null ? backends : lossless ? SOURCES : BACKENDS;
    }

    private int seconds() {
        return seconds != null ? seconds : lossless ? CONFIRMATION_SECONDS : SECONDS;
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
        if (seconds() < 1 || seconds() > MOST_SECONDS) {
            throw new BadInput("--seconds " + seconds + " is not between 1 and " + MOST_SECONDS);
        }
        if (size < SMALLEST_FRAME_BYTES || size > LARGEST_FRAME_BYTES) {
            throw new BadInput("--size " + size + " is not between " + SMALLEST_FRAME_BYTES + " and "
                    + LARGEST_FRAME_BYTES + " bytes, what Ethernet with an MTU of 1500 carries");
        }
        List<String> strategies = idles.stream().map(Idle::text).toList();
        requireOnce("--rates", rates);
        requireOnce("--backends", backends());
        requireOnce("--idle", strategies);
        if (backends().stream().anyMatch(Backend::isPeer) && strategies.contains(Idle.YIELD)) {
            throw new BadInput("--idle yield: the peer does not have it: use spin, or leave peer and drop out of"
                    + " --backends");
        }
        if (lossless) {
            checkLossless(strategies);
        } else if (backends().contains(Backend.DROP)) {
            throw new BadInput("--backends drop receives nothing that could be compared: leave it out, or add"
                    + " --lossless");
        }
    }

    private void checkLossless(List<String> strategies) {
        if (command.commandLine().getParseResult().hasMatchedOption("--rates")) {
            throw new BadInput("--rates means nothing to --lossless, which looks for the rate: leave it out");
        }
        if (strategies.size() > 1) {
            throw new BadInput("--idle " + String.join(",", strategies) + ": --lossless takes one: name one of them");
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
