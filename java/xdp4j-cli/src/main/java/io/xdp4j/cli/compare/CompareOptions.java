// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.receive.Idle;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
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

    private static final int ROUNDS = 5;
    private static final int MOST_ROUNDS = 1_000;

    @Option(
            names = "--lossless",
            description = "In place of given rates, look for the highest rate at which a backend loses nothing.")
    private boolean lossless;

    @Option(
            names = "--cost",
            description = "Compare what a packet costs: xdp beside peer, in turns, at equal load.")
    private boolean cost;

    @Option(
            names = "--rates",
            split = ",",
            paramLabel = "PPS",
            description = "Packets a second, all flows together. Default: 150000,390000,520000; with --cost 390000"
                    + " (sleep:1ms) and 1000000 (spin).")
    private List<Long> rates;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long each cell sends; with --lossless each run that confirms a rate. Default: 6;"
                    + " with --lossless 5.")
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
            converter = Idle.Converter.class,
            description = "What all but question do when nothing is there, as of receive: sleep:DURATION, spin, poll,"
                    + " yield. With --lossless one of them. Default: sleep:1ms; with --cost as above, but all"
                    + " combinations when --rates or --idle is given.")
    private List<Idle> idles;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "With --cost: how often each has its turn at a load. Default: " + ROUNDS + ".")
    private Integer rounds;

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
        return switch (mode()) {
            case GRID -> GridMeasurement.of(rates(), idles(), there, seconds(), size, cpus);
            case LOSSLESS -> new LosslessMeasurement(there, idles().get(0), seconds(), size, cpus);
            case COST -> new CostMeasurement(there, loads(), rounds(), seconds(), size, cpus);
        };
    }

    private Mode mode() {
        return lossless ? Mode.LOSSLESS : cost ? Mode.COST : Mode.GRID;
    }

    private List<Backend> backends() {
        return Objects.requireNonNullElse(backends, mode().backends());
    }

    private List<Long> rates() {
        return Objects.requireNonNullElse(rates, mode().ratesPps());
    }

    private List<Idle> idles() {
        return Objects.requireNonNullElse(idles, mode().idles());
    }

    private int seconds() {
        return Objects.requireNonNullElse(seconds, mode().seconds());
    }

    private int rounds() {
        return Objects.requireNonNullElse(rounds, ROUNDS);
    }

    /** Without any of the two options, the lower rate with the first strategy and the higher with the second. */
    private List<CostMeasurement.Load> loads() {
        boolean asIs = rates == null && idles == null;
        List<CostMeasurement.Load> loads = new ArrayList<>();
        for (int i = 0; i < rates().size(); i++) {
            for (int k = 0; k < idles().size(); k++) {
                if (!asIs || i == k) {
                    loads.add(new CostMeasurement.Load(rates().get(i), idles().get(k)));
                }
            }
        }
        return loads;
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
        checkMode();
        for (long rate : rates()) {
            requireBetween("--rates", rate, MOST_PPS, " packets a second");
        }
        requireBetween("--seconds", seconds(), MOST_SECONDS, "");
        requireBetween("--rounds", rounds(), MOST_ROUNDS, "");
        if (size < SMALLEST_FRAME_BYTES || size > LARGEST_FRAME_BYTES) {
            throw new BadInput("--size " + size + " is not between " + SMALLEST_FRAME_BYTES + " and "
                    + LARGEST_FRAME_BYTES + " bytes, what Ethernet with an MTU of 1500 carries");
        }
        List<String> strategies = idles().stream().map(Idle::text).toList();
        requireOnce("--rates", rates());
        requireOnce("--backends", backends());
        requireOnce("--idle", strategies);
        if (lossless && strategies.size() > 1) {
            throw new BadInput("--idle " + String.join(",", strategies) + ": --lossless takes one: name one of them");
        }
        if (backends().stream().anyMatch(Backend::isPeer) && strategies.contains(Idle.YIELD)) {
            throw new BadInput("--idle yield: the peer does not have it: use spin"
                    + (cost ? "" : ", or leave peer and drop out of --backends"));
        }
    }

    private void checkMode() {
        if (lossless && cost) {
            throw new BadInput("--lossless and --cost: use one of the two");
        }
        if (lossless && rates != null) {
            throw new BadInput("--rates means nothing to --lossless, which looks for the rate: leave it out");
        }
        if (cost && backends != null) {
            throw new BadInput("--backends means nothing to --cost, which compares xdp and peer: leave it out");
        }
        if (!cost && rounds != null) {
            throw new BadInput("--rounds means nothing without --cost: leave it out, or add --cost");
        }
        if (!lossless && backends().contains(Backend.DROP)) {
            throw new BadInput("--backends drop receives nothing that could be compared: leave it out, or add"
                    + " --lossless");
        }
    }

    private static void requireBetween(String option, long value, long most, String unit) {
        if (value < 1 || value > most) {
            throw new BadInput(option + " " + value + " is not between 1 and " + most + unit);
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
