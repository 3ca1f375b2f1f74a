// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.lab.CpuPin;
import io.xdp4j.lab.Fault;
import io.xdp4j.lab.Reception;
import io.xdp4j.lab.RtpFrame;
import io.xdp4j.lab.SkippingSource;
import io.xdp4j.lab.SteadyBurst;
import io.xdp4j.lab.VethPair;
import io.xdp4j.lab.WireFrames;
import io.xdp4j.packet.Flow;
import io.xdp4j.source.RtpSource;
import io.xdp4j.source.RtpSourceBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * Faults in a random order and of random sizes, on the flows of one reception. Each flow has three SSRCs: the steady
 * source's, the skipping source's, and the first flow also that of frames made by hand.
 */
final class Mixture implements AutoCloseable {
    /** No more frames go at once into the ring between the ends. */
    private static final int ODD_FRAMES = 100;

    private static final long POSITIONS = 1 << 20; // more than any mixture sends

    /** Provokes one and enters it into the books; or several. */
    interface Step {
        void run() throws Exception;
    }

    final Random random;
    final Books books;
    final RtpSource source;
    private final int flows;
    private final LossLedger ledger;
    private final Reception reception;
    private final RandomLooks looks;
    private final SkippingSource skipping;
    private final WireFrames wire;
    private final CpuPin pin;
    private final List<String> done = new ArrayList<>();
    private long nextNumber; // of the frames made by hand

    /** The thread is pinned until it closes this. */
    Mixture(Random random, List<Flow> flows, Reception reception, LossLedger ledger) throws IOException {
        this.random = random;
        this.ledger = ledger;
        this.flows = flows.size();
        this.books = new Books(flows.size());
        this.reception = reception;
        RtpSourceBuilder steady = RtpSource.on(VethPair.TX).positions(POSITIONS);
        flows.forEach(steady::flow);
        source = steady.open();
        skipping = new SkippingSource(flows, random);
        wire = WireFrames.open();
        looks = new RandomLooks(ledger, new Random(random.nextLong()));
        pin = CpuPin.to(0); // so that all packets arrive on one queue, in order
    }

    /** Any of {@code some}, several times or never; by chance {@code once} among them; and {@code last}. */
    void run(List<Step> some, Optional<Step> once, List<Step> last) throws Exception {
        List<Step> chosen = new ArrayList<>();
        for (int left = 4 + random.nextInt(6); left > 0; left--) {
            chosen.add(oneOf(some));
        }
        if (once.isPresent() && random.nextInt(3) == 0) {
            chosen.add(random.nextInt(chosen.size()), once.get());
        }
        chosen.add(this::goOn);
        chosen.add(oneOf(last));
        try {
            for (Step step : chosen) {
                step.run();
            }
            settle();
        } catch (Throwable e) {
            throw new AssertionError("after " + String.join(", ", done), e);
        }
    }

    private Step oneOf(List<Step> steps) {
        return steps.get(random.nextInt(steps.size()));
    }

    /** From 1 on. */
    int upTo(int most) {
        return 1 + random.nextInt(most);
    }

    void lost(Cause cause, int packets) {
        done.add(cause + " " + packets);
        books.lost(cause, packets);
    }

    void skip() throws Exception {
        lost(Cause.UPSTREAM, skipping.provoke(reception));
    }

    /** The gap that it leaves shows when the source goes on. */
    void overrun() throws Exception {
        lost(Cause.NIC, new Fault.DriverOverrun(300 + random.nextInt(1_000)).provoke(reception, source));
    }

    /** With a longer MTU at the sending end. */
    void tooLargeForTheInterface() throws Exception {
        int packets = upTo(ODD_FRAMES);
        lost(Cause.NIC, new Fault.TooLargeForTheInterface(nextNumber, packets).provoke(reception, wire));
        madeByHand(2L * packets, 2L * packets);
    }

    void everyOther(Cause cause, UnaryOperator<RtpFrame> odd) throws Exception {
        int packets = upTo(ODD_FRAMES);
        lost(cause, new Fault.EveryOther(nextNumber, packets, odd).provoke(reception, wire));
        madeByHand(2L * packets + 1, 2L * packets + 1);
    }

    void notRtp() throws Exception {
        int packets = upTo(ODD_FRAMES);
        lost(Cause.NOT_RTP, new Fault.NotRtp(nextNumber, packets).provoke(reception, wire));
        madeByHand(2L * packets, packets);
    }

    /** Sends sound packets, so that gaps show that are open as yet. */
    void goOn() throws Exception {
        long before = reception.received();
        SteadyBurst.send(source, flows);
        wire.send(RtpFrame.of(Fault.FLOW).sequence(nextNumber));
        madeByHand(1, 1);
        reception.await(before + flows + 1);
    }

    private void madeByHand(long packets, long numbers) {
        books.wire(0, packets);
        nextNumber += numbers;
    }

    /** At most as many packets as the receiver takes from one socket at once. */
    void giveUp(int packets) throws Exception {
        lost(Cause.APPLICATION, new Fault.HandlerGivesUp(random.nextInt(packets), packets).provoke(reception, source));
    }

    /** Nothing more will be sent. */
    private void settle() throws Exception {
        reception.close();
        looks.close();
        for (int flow = 0; flow < flows; flow++) {
            books.wire(flow, source.counters(flow).sent() + skipping.positions());
        }
        books.assertKept(ledger.snapshot());
    }

    @Override
    public void close() throws Exception {
        pin.close();
        looks.close();
        wire.close();
        skipping.close();
        source.close();
    }
}
