// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.FlowConverter;
import io.xdp4j.cli.PowerOfTwoConverter;
import io.xdp4j.cli.sdp.SdpFile;
import io.xdp4j.packet.Flow;
import io.xdp4j.udp.SocketSource;
import io.xdp4j.xdp.Attachment;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.NetDevice;
import io.xdp4j.xdp.Umem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say what is received and how: those of every command that receives (a picocli mixin). */
public final class ReceiveOptions {
    private static final List<String> XDP_ONLY =
            List.of("--queue", "--workers", "--sockets-per", "--rx-ring", "--fill-ring", "--frame-size", "--mode",
                    "--attach", "--cpu", "--priority", "--busy-poll");
    private static final List<String> SOCKETS_ONLY = List.of("--receive-buffer");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--interface",
            required = true,
            paramLabel = "IF",
            description = "Where the flows arrive.")
    private String interfaceName;

    @Option(
            names = "--flow",
            paramLabel = "GROUP:PORT[@SOURCE]",
            converter = FlowConverter.class,
            description = "A multicast group and UDP port, and the sender's address for a source-specific flow. An IPv6"
                    + " group stands in brackets. May be given several times.")
    private List<Flow> flows;

    @Option(
            names = "--flows",
            paramLabel = "FILE",
            description = "In place of --flow: a text file with a flow on each line; # begins a comment. On SIGHUP it"
                    + " is read again: flows are added and removed while the others go on (xdp only).")
    private Path flowFile;

    @Option(
            names = "--sdp",
            paramLabel = "FILE",
            description = "A session description (SDP): its RTP media are received, by the groups, ports, sources and"
                    + " clock rates that it names. May be given several times, also beside --flow or --flows. On SIGHUP"
                    + " it is read again, as --flows.")
    private List<Path> sdpFiles;

    @Option(
            names = "--backend",
            defaultValue = "xdp",
            paramLabel = "BACKEND",
            description = "xdp: AF_XDP; raw: SOCK_RAW, one recvmsg a packet; recvmmsg: a UDP socket, in batches; nio: a"
                    + " DatagramChannel, without native code. Default: ${DEFAULT-VALUE}.")
    private Backend backend;

    @Option(
            names = "--queue",
            defaultValue = QueuesConverter.ALL,
            paramLabel = "N[,N-M...]",
            converter = QueuesConverter.class,
            description = "The RX queues of the interface; each has a receiver of its own. A packet that arrives on"
                    + " another queue passes to the kernel's stack. xdp only. Default: ${DEFAULT-VALUE}.")
    private QueuesConverter.Queues queues;

    @Option(
            names = "--workers",
            paramLabel = "WORKERS",
            description = "What receives from the queues. threads: a thread each; processes: a process each, without"
                    + " any privilege, started again when it dies. xdp only. Default: threads for one queue, else"
                    + " processes.")
    private Workers workers;

    @Option(
            names = "--sockets-per",
            defaultValue = "queue",
            paramLabel = "WHAT",
            description = "queue: one AF_XDP socket a queue, for all its flows; flow: one for each flow, on one UMEM."
                    + " xdp only. Default: ${DEFAULT-VALUE}.")
    private SocketsPer socketsPer;

    @Option(
            names = "--rx-ring",
            defaultValue = "" + Umem.DEFAULT_RING,
            paramLabel = "N",
            converter = PowerOfTwoConverter.class,
            description = "Packets that can wait for a socket; a power of two; xdp only. Default: ${DEFAULT-VALUE}.")
    private int rxRing;

    @Option(
            names = "--fill-ring",
            defaultValue = "" + Umem.DEFAULT_RING,
            paramLabel = "N",
            converter = PowerOfTwoConverter.class,
            description = "Packets that can arrive on the queue while nobody receives; a power of two; xdp only."
                    + " Default: ${DEFAULT-VALUE}.")
    private int fillRing;

    @Option(
            names = "--frame-size",
            defaultValue = "2048",
            paramLabel = "N",
            description = "Bytes of a frame, 2048 or 4096; 278 of them are not for the packet. With an MTU beyond that"
                    + " a packet takes several; xdp only. Default: ${DEFAULT-VALUE}.")
    private int frameSize;

    @Option(
            names = "--receive-buffer",
            defaultValue = "" + SocketSource.DEFAULT_RECEIVE_BUFFER_BYTES,
            paramLabel = "BYTES",
            description = "What each socket asks of the kernel for packets that wait; raw, recvmmsg and nio only."
                    + " Default: ${DEFAULT-VALUE}.")
    private int receiveBuffer;

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

    @Option(
            names = "--attach",
            defaultValue = "link",
            paramLabel = "HOW",
            converter = AttachmentConverter.class,
            description = "link: as the only XDP program of the interface, until this process ends; dispatcher: beside"
                    + " others, in libxdp's dispatcher. xdp only. Default: ${DEFAULT-VALUE}.")
    private Attachment attachment;

    @Option(
            names = "--cpu",
            paramLabel = "N[,N-M...]",
            converter = CpusConverter.class,
            description = "The CPU of each receiver, in the order of the queues, or one for all: 2,3 or 2-5. xdp only."
                    + " Default: wherever the kernel likes.")
    private CpusConverter.Cpus cpus;

    @Option(
            names = "--priority",
            defaultValue = "0",
            paramLabel = "N",
            description = "The receivers run before all ordinary threads: SCHED_FIFO with this priority, 1 to 99; needs"
                    + " CAP_SYS_NICE. 0: as ordinary threads. xdp only. Default: ${DEFAULT-VALUE}.")
    private int priority;

    @Option(
            names = "--busy-poll",
            arity = "0..1",
            defaultValue = "0",
            fallbackValue = "64",
            paramLabel = "BUDGET",
            description = "When nothing is there, the receiver runs the interface's driver itself, for up to BUDGET"
                    + " packets (64 when not given), and the interface interrupts late meanwhile; for --idle spin. 0:"
                    + " no busy poll. xdp only. Default: ${DEFAULT-VALUE}.")
    private int busyPollBudget;

    /**
     * What they amount to, checked against the machine.
     *
     * @throws BadInput when they contradict each other or the interface
     * @throws IOException when there is no such interface
     */
    public ReceiveSettings settings() throws IOException {
        for (String option : backend == Backend.XDP ? SOCKETS_ONLY : XDP_ONLY) {
            if (isGiven(option)) {
                throw new BadInput(option + " means nothing to --backend " + backend + ": leave it out, or use "
                        + (backend == Backend.XDP ? "raw, recvmmsg or nio" : "xdp"));
            }
        }
        if (flows == null && flowFile == null && sdpFiles == null) {
            throw new BadInput("which flows? Name them by --flow GROUP:PORT, in a file by --flows FILE, or by a session"
                    + " description, --sdp FILE");
        }
        if (flows != null && flowFile != null) {
            throw new BadInput("--flow and --flows: use one of the two");
        }
        NetDevice device = NetDevice.find(interfaceName);
        List<Integer> numbers = queues.of(device.rxQueues());
        XdpSettings xdp = new XdpSettings(
                numbers,
                workers != null ? workers : numbers.size() == 1 ? Workers.THREADS : Workers.PROCESSES,
                socketsPer,
                rxRing,
                fillRing,
                frameSize,
                device.mtuBytes() + XdpSettings.LINK_HEADER_BYTES,
                mode,
                attachment,
                NumaNodes.ofThisProcess().nearest(device.numaNode()),
                busyPollBudget,
                new Placement(cpus == null ? List.of() : cpus.numbers(), priority));
        ReceiveSettings settings = new ReceiveSettings(
                device,
                flowList().read(),
                backend,
                xdp,
                receiveBuffer,
                batch,
                idle);
        settings.check();
        return settings;
    }

    private FlowList flowList() {
        return new FlowList(
                flows == null ? List.of() : flows,
                Optional.ofNullable(flowFile).map(FlowFile::new),
                sdpFiles == null ? List.of() : sdpFiles.stream().map(SdpFile::new).toList());
    }

    /** The flows as they can be read again, if files name some. */
    Optional<FlowList> reloadable() {
        return flowFile == null && sdpFiles == null ? Optional.empty() : Optional.of(flowList());
    }

    /** Whether an option stood on the command line, rather than to have its default. */
    public boolean isGiven(String option) {
        return command.commandLine().getParseResult().hasMatchedOption(option);
    }
}
