// SPDX-License-Identifier: Apache-2.0
package consumer;

import io.xdp4j.packet.Flow;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.schedule.IdleStrategy;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.source.PacedSender;
import io.xdp4j.source.RtpSource;
import io.xdp4j.udp.Membership;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.NetDevice;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.Xdp;
import io.xdp4j.xdp.XdpProgram;
import io.xdp4j.xdp.XdpSocket;

/** Says whether AF_XDP is available and, given the two ends of a cable, receives through it what it sends. */
public final class Consumer {
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");
    private static final int PACKETS = 10_000; // the rings hold all of them
    private static final long WITHIN_NS = 10_000_000_000L;

    private Consumer() {}

    public static void main(String[] args) throws Exception {
        if (!Xdp.isAvailable()) {
            throw new IllegalStateException(Xdp.unavailabilityCause().orElseThrow());
        }
        System.out.println("AF_XDP is available");
        if (args.length > 0) {
            long received = receive(args[0], args[1]);
            System.out.println("received " + received + " of " + PACKETS);
            System.exit(received == PACKETS ? 0 : 1);
        }
    }

    @SuppressWarnings("try") // the membership is only held
    private static long receive(String nic, String sendingEnd) throws Exception {
        RtpFlow rtp = new RtpFlow();
        PacketHandler check = batch -> {
            for (int i = 0; i < batch.size(); i++) {
                rtp.onPacket(batch, i);
            }
        };
        try (Umem umem = Umem.open();
                XdpProgram program = XdpProgram.load(1, NetDevice.find(nic).rxQueues());
                XdpSocket socket = XdpSocket.open(umem, nic, 0);
                Membership joined = Membership.join(nic, FLOW)) {
            program.redirect(FLOW, socket);
            program.attach(nic, Mode.NATIVE);
            try (Receiver receiver = Receiver.start("consumer", IdleStrategy.sleep(1_000_000), check, socket)) {
                send(sendingEnd);
                long begin = System.nanoTime();
                while (rtp.snapshot().count(RtpCounter.RECEIVED) < PACKETS && System.nanoTime() - begin < WITHIN_NS) {
                    Thread.sleep(10);
                }
            }
        }
        return rtp.snapshot().count(RtpCounter.RECEIVED);
    }

    private static void send(String nic) throws Exception {
        try (RtpSource source = RtpSource.on(nic).flow(FLOW).positions(PACKETS).open()) {
            PacedSender sender = new PacedSender(source, 50_000);
            while (sender.step()) {
                // until all is sent
            }
        }
    }
}
