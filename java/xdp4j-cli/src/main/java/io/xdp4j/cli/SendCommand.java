// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import io.xdp4j.source.PacedSender;
import io.xdp4j.source.PositionRange;
import io.xdp4j.source.RtpSource;
import io.xdp4j.source.RtpSourceBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code xdp4j send}. */
@Command(
        name = "send",
        header = {"Sends flows at an even rate, and says exactly what it sent of each.", ""},
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "A LIST is N, N-M or N-M/STEP, or several with commas between. Positions count",
            "from 0 within each flow. A position in several lists is left out, or else sent",
            "twice, or else swapped.",
            "",
            "Examples:",
            "  sudo ./xdp4j send --interface eth1 --flow 239.1.2.3:5004 --rate 150000 \\",
            "      --seconds 10",
            "  sudo ./xdp4j send --interface eth1 --flow 239.1.2.3:5004 \\",
            "      --flow [ff3e::1]:5004 --rate 1000 --count 20000 --lose 100-199/2,5000 \\",
            "      --swap 300 --first-sequence 65000 --json sent.json"
        })
public final class SendCommand implements Callable<Integer> {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long MOST_PPS = 1_000_000_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--interface", required = true, paramLabel = "IF", description = "Where the packets leave.")
    private String interfaceName;

    @Option(
            names = "--flow",
            required = true,
            paramLabel = "GROUP:PORT[@SOURCE]",
            converter = FlowConverter.class,
            description = "A multicast group and UDP port, and the address to send from; by default the interface's"
                    + " first of that family. An IPv6 group stands in brackets. May be given several times: packets"
                    + " take turns.")
    private List<Flow> flows;

    @Option(
            names = "--rate",
            required = true,
            paramLabel = "PPS",
            description = "Packets a second, of all flows together; those left out have their time as well.")
    private long rate;

    @ArgGroup(multiplicity = "1")
    private Length length;

    private static final class Length {
        @Option(
                names = "--seconds",
                required = true,
                paramLabel = "N",
                description = "Go through PPS times N positions, rounded up to equally many for each flow.")
        private Integer seconds;

        @Option(
                names = "--count",
                required = true,
                paramLabel = "N",
                description = "Go through N positions of all flows together; a multiple of the number of flows.")
        private Long count;
    }

    @Option(
            names = "--size",
            defaultValue = "" + RtpSourceBuilder.DEFAULT_SIZE_BYTES,
            paramLabel = "BYTES",
            description = "Of the Ethernet frame, from the destination address to the end of the payload. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int size;

    @Option(
            names = "--lose",
            paramLabel = "LIST",
            converter = PositionsConverter.class,
            description = "Positions to leave out.")
    private Positions lose = Positions.NONE;

    @Option(
            names = "--duplicate",
            paramLabel = "LIST",
            converter = PositionsConverter.class,
            description = "Positions to send twice in a row; the second takes a turn of its own.")
    private Positions duplicate = Positions.NONE;

    @Option(
            names = "--swap",
            paramLabel = "LIST",
            converter = PositionsConverter.class,
            description = "Positions to send behind their successor, unless that is left out or sent twice.")
    private Positions swap = Positions.NONE;

    @Option(
            names = "--first-sequence",
            defaultValue = "0",
            paramLabel = "N",
            description = "RTP sequence number of position 0 of each flow. Default: ${DEFAULT-VALUE}.")
    private int firstSequence;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the summary there as JSON; - is standard output.")
    private String json;

    /** A LIST; a type of its own, so that picocli does not take the option for one that may be given several times. */
    private record Positions(List<PositionRange> ranges) {
        static final Positions NONE = new Positions(List.of());
    }

    private static final class PositionsConverter implements ITypeConverter<Positions> {
        @Override
        public Positions convert(String text) {
            try {
                return new Positions(PositionRange.parseList(text));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        Optional<JsonFile> jsonFile = Optional.ofNullable(json).map(JsonFile::of);
        RtpSourceBuilder wanted = wanted();
        RootUser.require("send");
        PrintWriter words = JsonFile.words(spec, jsonFile);
        try (Interruption interruption = Interruption.ofThisThread();
                RtpSource source = wanted.open()) {
            source.fallbackReason()
                    .ifPresent(reason -> words.println("no live frames, sending by sendmmsg: " + reason));
            PacedSender sender = new PacedSender(source, rate);
            Ending ending = send(source, sender, words, interruption);
            interruption.settle();
            SendReport report = SendReport.of(source, interfaceName, sender, rate, ending.refused());
            report.lines().forEach(words::println);
            if (jsonFile.isPresent()) {
                jsonFile.get().write(report);
            }
            if (ending.mishap() != null) {
                throw new IOException(ending.mishap().getMessage(), ending.mishap());
            }
        }
        return ExitCode.OK;
    }

    private RtpSourceBuilder wanted() {
        if (rate < 1 || rate > MOST_PPS) {
            throw new BadInput("--rate " + rate + " is not between 1 and " + MOST_PPS + " packets a second");
        }
        try {
            RtpSourceBuilder wanted = RtpSource.on(interfaceName)
                    .sizeBytes(size)
                    .positions(positionsPerFlow())
                    .firstSequence(firstSequence)
                    .lose(lose.ranges())
                    .duplicate(duplicate.ranges())
                    .swap(swap.ranges());
            flows.forEach(wanted::flow);
            return wanted;
        } catch (IllegalArgumentException e) {
            throw new BadInput(e.getMessage());
        }
    }

    private long positionsPerFlow() {
        long flowCount = flows.size();
        if (length.seconds != null) {
            if (length.seconds < 1) {
                throw new BadInput("--seconds " + length.seconds + ": use 1 or more");
            }
            return (rate * length.seconds + flowCount - 1) / flowCount;
        }
        long over = length.count % flowCount;
        if (length.count < 1 || over != 0) {
            long below = Math.max(length.count - over, flowCount);
            throw new BadInput("--count " + length.count + " is not a multiple of the number of flows, " + flowCount
                    + ": use " + below + " or " + (below + flowCount));
        }
        return length.count / flowCount;
    }

    /** How the sending ended: one of the two is null. */
    private record Ending(Long refused, KernelException mishap) {}

    /** Sends, and prints a line a second, until all is sent, a signal comes or something goes wrong. */
    private static Ending send(
            RtpSource source, PacedSender sender, PrintWriter words, Interruption interruption) {
        try {
            long before = 0;
            long nextReportNs = SECOND_NS;
            while (!interruption.isRequested() && sender.step()) {
                if (sender.elapsedNs() < nextReportNs) {
                    continue;
                }
                source.refused(); // throws when the interface has gone down
                long sent = sent(source);
                words.printf(
                        Locale.ROOT,
                        "%3d s: %,d packets a second, %,d sent%n",
                        nextReportNs / SECOND_NS,
                        sent - before,
                        sent);
                before = sent;
                nextReportNs += SECOND_NS;
            }
            return new Ending(source.refused(), null);
        } catch (KernelException e) {
            return new Ending(null, e);
        }
    }

    private static long sent(RtpSource source) {
        return IntStream.range(0, source.flows().size())
                .mapToLong(i -> source.counters(i).sent())
                .sum();
    }
}
