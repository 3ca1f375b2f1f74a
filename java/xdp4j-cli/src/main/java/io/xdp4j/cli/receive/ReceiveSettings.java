// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.BadInput;
import io.xdp4j.ledger.Advice;
import io.xdp4j.packet.Flow;
import io.xdp4j.process.Channel;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.NetDevice;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a command that receives was asked to do.
 *
 * @param device where the flows arrive
 * @param wanted the flows, all different; those at the start
 * @param backend what receives
 * @param xdp how AF_XDP is to receive; of no meaning to other backends
 * @param receiveBuffer bytes asked for; sockets only
 * @param batch packets a call brings at most
 * @param idle what to do when nothing is there
 */
public record ReceiveSettings(
        NetDevice device,
        WantedFlows wanted,
        Backend backend,
        XdpSettings xdp,
        int receiveBuffer,
        int batch,
        Idle idle) {
    /** Of the fill ring and the RX ring in the program that lost packets, as the question about it tells. */
    public static final int QUESTION_RING = 2_048;

    /** What that program did when nothing was there: it slept for 1 to 2 ms; here 2. */
    public static final String QUESTION_IDLE = "sleep:2ms";

    /** The kernel keeps the double in an int. */
    private static final int MAX_RECEIVE_BUFFER = 1 << 30;

    /** Of flows that no session description tells more of. */
    public ReceiveSettings(
            NetDevice device,
            List<Flow> flows,
            Backend backend,
            XdpSettings xdp,
            int receiveBuffer,
            int batch,
            Idle idle) {
        this(device, WantedFlows.of(flows), backend, xdp, receiveBuffer, batch, idle);
    }

    public List<Flow> flows() {
        return wanted.flows();
    }

    public String interfaceName() {
        return device.name();
    }

    /** How many receivers there are, with a thread each: one for each queue, or for each socket. */
    int receivers() {
        return backend == Backend.XDP ? xdp.queues().size() : flows().size();
    }

    /** AF_XDP with the rings, the sockets and the sleep of the question, and all else as it is here. */
    public ReceiveSettings likeTheQuestion() {
        return new ReceiveSettings(
                device,
                wanted,
                Backend.XDP,
                xdp.likeTheQuestion(QUESTION_RING),
                receiveBuffer,
                batch,
                new Idle.Converter().convert(QUESTION_IDLE));
    }

    /** What of an advice is not in force already: a ring or buffer only if it is larger than what was asked for. */
    public Advice.Settings lacking(Advice.Settings advised) {
        return new Advice.Settings(
                larger(advised.fillRing(), xdp.fillRing()),
                larger(advised.rxRing(), xdp.rxRing()),
                larger(advised.frameSize(), xdp.frameSize()),
                xdp.queuesWith(advised.queues()),
                larger(advised.receiveBufferBytes(), receiveBuffer),
                advised.generic() && xdp.mode() != Mode.GENERIC,
                advised.spin() && !idle.text().equals(Idle.SPIN));
    }

    private static Integer larger(Integer advised, int inForce) {
        return advised != null && advised > inForce ? advised : null;
    }

    /** With the settings that a ledger's advice changes. */
    public ReceiveSettings with(Advice.Settings change) {
        return new ReceiveSettings(
                device,
                wanted,
                backend,
                xdp.with(change),
                Optional.ofNullable(change.receiveBufferBytes()).orElse(receiveBuffer),
                batch,
                change.spin() ? new Idle.Converter().convert(Idle.SPIN) : idle);
    }

    /** With other flows. */
    ReceiveSettings with(WantedFlows others) {
        return new ReceiveSettings(device, others, backend, xdp, receiveBuffer, batch, idle);
    }

    /** What a person should know who asks for this. */
    Optional<String> warning() {
        if (backend != Backend.XDP || xdp.placement().priority() == 0 || !idle.neverWaits()) {
            return Optional.empty();
        }
        return Optional.of("--priority " + xdp.placement().priority() + " with --idle " + idle.text()
                + " starves all else on its CPU: use --idle poll, or a CPU that nothing else needs");
    }

    /**
     * Checks them against each other and the machine.
     *
     * @throws BadInput whose message names the option and the remedy
     */
    public void check() {
        Set<Flow> seen = new HashSet<>();
        for (Flow flow : flows()) {
            if (!seen.add(flow)) {
                throw new BadInput("flow " + flow + " is given twice: name each flow once");
            }
        }
        if (!device.up()) {
            throw new BadInput("interface " + device.name() + " is down: ip link set " + device.name() + " up");
        }
        if (batch < 1 || batch > 65_536) {
            throw new BadInput("--batch " + batch + ": use 1 to 65536, for example 64");
        }
        if (receiveBuffer < 1 || receiveBuffer > MAX_RECEIVE_BUFFER) {
            throw new BadInput("--receive-buffer " + receiveBuffer + ": use 1 to " + MAX_RECEIVE_BUFFER
                    + ", for example 67108864");
        }
        if (backend == Backend.XDP) {
            xdp.check(device);
            if (xdp.workers() == Workers.PROCESSES
                    && xdp.socketsPer() == SocketsPer.FLOW
                    && flows().size() > Channel.MAX_DESCRIPTORS) {
                throw new BadInput("--sockets-per flow: a process hands over " + Channel.MAX_DESCRIPTORS
                        + " sockets at most, and there are " + flows().size() + " flows: use --sockets-per queue");
            }
        }
    }
}
