// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.BadInput;
import io.xdp4j.ledger.Advice;
import io.xdp4j.packet.Flow;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.NetDevice;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.UmemOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a command that receives was asked to do.
 *
 * @param device where the flows arrive
 * @param flows at least one, all different
 * @param backend what receives
 * @param queue the RX queue; AF_XDP only
 * @param rxRing descriptors; AF_XDP only
 * @param fillRing descriptors; AF_XDP only
 * @param frameSize bytes; AF_XDP only
 * @param receiveBuffer bytes asked for; sockets only
 * @param batch packets a call brings at most
 * @param idle what to do when nothing is there
 * @param mode AF_XDP only
 */
public record ReceiveSettings(
        NetDevice device,
        List<Flow> flows,
        Backend backend,
        int queue,
        int rxRing,
        int fillRing,
        int frameSize,
        int receiveBuffer,
        int batch,
        Idle idle,
        Mode mode) {
    /** Of the fill ring and the RX ring in the program that lost packets, as the question about it tells. */
    public static final int QUESTION_RING = 2_048;

    /** What that program did when nothing was there: it slept for 1 to 2 ms; here 2. */
    public static final String QUESTION_IDLE = "sleep:2ms";

    /** Ethernet header and two VLAN tags: what a packet has beyond the interface's MTU. */
    private static final int LINK_HEADER_BYTES = 14 + 8;

    /** As many frames as fit into a buffer of Java: a longer ring could not be filled. */
    private static final int MAX_RX_RING = 1 << 20;

    /** The kernel keeps the double in an int. */
    private static final int MAX_RECEIVE_BUFFER = 1 << 30;

    String interfaceName() {
        return device.name();
    }

    /** AF_XDP with the rings and the sleep of the question, and all else as it is here. */
    public ReceiveSettings likeTheQuestion() {
        return new ReceiveSettings(
                device,
                flows,
                Backend.XDP,
                queue,
                QUESTION_RING,
                QUESTION_RING,
                frameSize,
                receiveBuffer,
                batch,
                new Idle.Converter().convert(QUESTION_IDLE),
                mode);
    }

    /** What of an advice is not in force already: a ring or buffer only if it is larger than what was asked for. */
    public Advice.Settings lacking(Advice.Settings advised) {
        return new Advice.Settings(
                larger(advised.fillRing(), fillRing),
                larger(advised.rxRing(), rxRing),
                larger(advised.frameSize(), frameSize),
                advised.queue() != null && advised.queue() != queue ? advised.queue() : null,
                larger(advised.receiveBufferBytes(), receiveBuffer),
                advised.generic() && mode != Mode.GENERIC,
                advised.spin() && !idle.text().equals(Idle.SPIN));
    }

    private static Integer larger(Integer advised, int inForce) {
        return advised != null && advised > inForce ? advised : null;
    }

    /** With the settings that a ledger's advice changes. */
    public ReceiveSettings with(Advice.Settings change) {
        return new ReceiveSettings(
                device,
                flows,
                backend,
                Optional.ofNullable(change.queue()).orElse(queue),
                Optional.ofNullable(change.rxRing()).orElse(rxRing),
                Optional.ofNullable(change.fillRing()).orElse(fillRing),
                Optional.ofNullable(change.frameSize()).orElse(frameSize),
                Optional.ofNullable(change.receiveBufferBytes()).orElse(receiveBuffer),
                batch,
                change.spin() ? new Idle.Converter().convert(Idle.SPIN) : idle,
                change.generic() ? Mode.GENERIC : mode);
    }

    /**
     * Checks them against each other and the machine.
     *
     * @throws BadInput whose message names the option and the remedy
     */
    public void check() {
        Set<Flow> seen = new HashSet<>();
        for (Flow flow : flows) {
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
            checkForXdp();
        }
    }

    private void checkForXdp() {
        String name = interfaceName();
        if (device.loopback()) {
            throw new BadInput("interface " + name + " is the loopback: name one with Ethernet headers");
        }
        int queues = device.rxQueues();
        if (queue < 0 || queue >= queues) {
            throw new BadInput("--queue " + queue + ": " + name + " has "
                    + (queues == 1 ? "only queue 0" : "queues 0 to " + (queues - 1)) + " (ethtool -l " + name + ")");
        }
        if (frameSize != 2048 && frameSize != 4096) {
            throw new BadInput("--frame-size " + frameSize + ": use 2048 or 4096");
        }
        int most = Umem.LONGEST_PACKET - LINK_HEADER_BYTES;
        if (device.mtuBytes() > most) {
            throw new BadInput("the MTU of " + name + " is " + device.mtuBytes() + ", but an IP packet has " + most
                    + " bytes at most: lower it, for example `ip link set " + name + " mtu 9000`");
        }
        if (rxRing > MAX_RX_RING) {
            throw new BadInput("--rx-ring " + rxRing + ": use " + MAX_RX_RING + " or less");
        }
        if ((long) fillRing * frameSize > Integer.MAX_VALUE) {
            throw new BadInput("--fill-ring " + fillRing + " with frames of " + frameSize
                    + " bytes needs more than 2 GiB: use a smaller ring");
        }
    }

    /**
     * As many frames as the fill ring takes: then that ring alone says how many packets can wait. A packet that the
     * interface's MTU allows and a frame does not hold comes in several.
     */
    UmemOptions umem() {
        return new UmemOptions(
                frameSize, fillRing, fillRing, device.mtuBytes() + LINK_HEADER_BYTES, flows.size() * batch);
    }
}
