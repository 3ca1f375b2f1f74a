// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.example;

import io.xdp4j.packet.Flow;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.rtp.RtpHeader;
import io.xdp4j.schedule.IdleStrategy;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.udp.Membership;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.NetDevice;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.UmemOptions;
import io.xdp4j.xdp.XdpProgram;
import io.xdp4j.xdp.XdpSocket;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

public class LeasePackets {
    private static final int LEASES = 4_096; // 8 MiB that the decoder may hold

    record Packet(long lease, int offset, int length) {} // a queue of longs would allocate nothing

    @SuppressWarnings("try") // the membership is only held
    public static void main(String[] args) throws Exception {
        String nic = args[0]; // for example eth1
        Flow flow = Flow.parse(args[1]); // for example 239.1.2.3:5004
        BlockingQueue<Packet> packets = new ArrayBlockingQueue<>(LEASES + 1);
        AtomicLong passedOver = new AtomicLong();
        try (Umem umem = Umem.open(UmemOptions.DEFAULT.leases(LEASES));
                XdpProgram program = XdpProgram.load(1, NetDevice.find(nic).rxQueues());
                XdpSocket socket = XdpSocket.open(umem, nic, 0);
                Membership joined = Membership.join(nic, flow)) {
            PacketHandler lease = batch -> {
                for (int i = 0; i < batch.size(); i++) {
                    Packet packet =
                            new Packet(umem.lease(batch, i), batch.payloadOffset(i), batch.payloadLength(i));
                    if (packet.lease() == Umem.NO_LEASE) { // the decoder is behind: so much is not lost by the receiver
                        passedOver.incrementAndGet();
                    } else {
                        packets.add(packet);
                    }
                }
            };
            Thread decoder = new Thread(() -> decode(umem, packets), "decoder");
            decoder.start();
            program.redirect(flow, socket);
            program.attach(nic, Mode.AUTO);
            try (Receiver receiver = Receiver.start("video", IdleStrategy.sleep(1_000_000), lease, socket)) {
                System.out.println(receiver.thread().getName() + " receives");
                Thread.sleep(Long.parseLong(args[2]));
            }
            packets.put(new Packet(Umem.NO_LEASE, 0, 0)); // the end
            decoder.join(); // before the UMEM is closed: that refuses while a frame is leased
        }
        System.out.println(passedOver + " packets passed over");
    }

    /** Reads each packet where the kernel wrote it, and then gives the frame back. */
    private static void decode(Umem umem, BlockingQueue<Packet> packets) {
        try {
            long bytes = 0;
            for (Packet packet = packets.take(); packet.lease() != Umem.NO_LEASE; packet = packets.take()) {
                bytes += RtpHeader.payloadLength(umem.area(), packet.offset(), packet.length());
                umem.release(packet.lease()); // once, by any thread; from here on other packets come to be there
            }
            System.out.println("decoded " + bytes + " bytes");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
