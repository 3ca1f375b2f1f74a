// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.FlowConverter;
import io.xdp4j.cli.Interruption;
import io.xdp4j.cli.JsonFile;
import io.xdp4j.cli.PowerOfTwoConverter;
import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.NetDevice;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code xdp4j receive}. */
@Command(
        name = "receive",
        header = {
            "Receives RTP multicast flows, and says once a second and at the end what came and what was lost.",
            ""
        },
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  sudo ./xdp4j receive --interface eth1 --flow 239.1.2.3:5004",
            "      until Ctrl-C",
            "  sudo ./xdp4j receive --interface eth1 --flow 232.1.2.3:5004@192.0.2.7 --flow [ff3e::1]:5004 \\",
            "      --seconds 60 --idle spin --json result.json"
        })
public final class ReceiveCommand implements Callable<Integer> {
    private static final long REPORT_MS = 1_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--interface",
            required = true,
            paramLabel = "IF",
            description = "Where the flows arrive.")
    private String interfaceName;

    @Option(
            names = "--flow",
            required = true,
            paramLabel = "GROUP:PORT[@SOURCE]",
            converter = FlowConverter.class,
            description = "A multicast group and UDP port, and the sender's address for a source-specific flow. An IPv6"
                    + " group stands in brackets. May be given several times.")
    private List<Flow> flows;

    @Option(
            names = "--backend",
            defaultValue = "xdp",
            paramLabel = "BACKEND",
            description = "xdp: AF_XDP; raw: SOCK_RAW, one recvmsg a packet; recvmmsg: a UDP socket, in batches; nio: a"
                    + " DatagramChannel, without native code. Default: ${DEFAULT-VALUE}.")
    private Backend backend;

    @Option(
            names = "--queue",
            defaultValue = "0",
            paramLabel = "N",
            description = "The RX queue of the interface; xdp only. Default: ${DEFAULT-VALUE}.")
    private int queue;

    @Option(
            names = "--rx-ring",
            defaultValue = "32768",
            paramLabel = "N",
            converter = PowerOfTwoConverter.class,
            description = "Packets that can wait for a socket; a power of two; xdp only. Default: ${DEFAULT-VALUE}.")
    private int rxRing;

    @Option(
            names = "--fill-ring",
            defaultValue = "32768",
            paramLabel = "N",
            converter = PowerOfTwoConverter.class,
            description = "Packets that can arrive on the queue while nobody receives; a power of two; xdp only."
                    + " Default: ${DEFAULT-VALUE}.")
    private int fillRing;

    @Option(
            names = "--frame-size",
            defaultValue = "2048",
            paramLabel = "N",
            description = "Bytes of a frame, 2048 or 4096; 278 of them are not for the packet; xdp only. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int frameSize;

    @Option(
            names = "--batch",
            defaultValue = "64",
            paramLabel = "N",
            description = "Packets that one call brings at most. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--idle",
            defaultValue = "sleep:1ms",
            paramLabel = "STRATEGY",
            converter = Idle.Converter.class,
            description = "What to do when nothing is there. spin: look again at once; yield: let others run;"
                    + " sleep:1ms: sleep so long; poll: block in poll(2). Default: ${DEFAULT-VALUE}.")
    private Idle idle;

    @Option(
            names = "--mode",
            defaultValue = "auto",
            paramLabel = "MODE",
            converter = ModeConverter.class,
            description = "auto: native XDP, zero-copy if the driver has it, or else generic XDP, and says which;"
                    + " native, generic, zero-copy: that or nothing. xdp only. Default: ${DEFAULT-VALUE}.")
    private Mode mode;

    @Option(names = "--seconds", paramLabel = "N", description = "How long. Default: until Ctrl-C.")
    private Integer seconds;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the summary there as JSON; - is standard output.")
    private String json;

    @Override
    public Integer call() throws IOException {
        if (seconds != null && seconds < 1) {
            throw new BadInput("--seconds " + seconds + ": use 1 or more");
        }
        Optional<JsonFile> jsonFile = Optional.ofNullable(json).map(JsonFile::of);
        ReceiveSettings settings = new ReceiveSettings(
                NetDevice.find(interfaceName), flows, backend, queue, rxRing, fillRing, frameSize, batch, idle, mode);
        if (backend == Backend.XDP) {
            settings.checkForXdp();
        }
        boolean wordsToError = jsonFile.map(JsonFile::isStandardOutput).orElse(false);
        ReceiveText text = new ReceiveText(wordsToError
                ? spec.commandLine().getErr()
                : spec.commandLine().getOut());
        WarmUp.run();
        try (Interruption interruption = Interruption.ofThisThread();
                Reception reception = Reception.start(settings)) {
            text.receiving(settings, reception.inForce());
            Optional<String> mishap = watch(settings, reception, text, interruption);
            interruption.settle();
            ReceiveReport report = reception.finish();
            text.summary(report);
            if (jsonFile.isPresent()) {
                jsonFile.get().write(report);
            }
            if (mishap.isPresent()) {
                throw new IOException(mishap.get());
            }
        }
        return ExitCode.OK;
    }

    /** Prints a line a second until the time is over or a signal comes; what went wrong, if that ended it. */
    private Optional<String> watch(
            ReceiveSettings settings, Reception reception, ReceiveText text, Interruption interruption) {
        InterfaceWatch interfaceWatch = new InterfaceWatch(settings.device());
        long start = System.nanoTime();
        long previous = start;
        List<RtpStatistics> before = reception.snapshots();
        for (int tick = 1; seconds == null || tick <= seconds; tick++) {
            if (!sleepUntil(start + tick * REPORT_MS * 1_000_000, interruption)) {
                return Optional.empty();
            }
            long now = System.nanoTime();
            List<RtpStatistics> after = reception.snapshots();
            text.second(flows, before, after, (now - previous) / 1e9);
            previous = now;
            before = after;
            Optional<String> mishap = reception.failure()
                    .map(failure -> "the receiver ended: " + failure.getMessage())
                    .or(interfaceWatch::gone);
            if (mishap.isPresent()) {
                return mishap;
            }
            interfaceWatch.change().ifPresent(text::warning);
        }
        return Optional.empty();
    }

    /** False when a signal came. */
    private static boolean sleepUntil(long deadlineNs, Interruption interruption) {
        try {
            long remaining = deadlineNs - System.nanoTime();
            if (remaining > 0) {
                Thread.sleep(remaining / 1_000_000, (int) (remaining % 1_000_000));
            }
            return !interruption.isRequested();
        } catch (InterruptedException e) {
            return false;
        }
    }
}
