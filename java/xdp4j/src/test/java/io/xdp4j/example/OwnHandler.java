// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.example;

import io.xdp4j.packet.Flow;
import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.rtp.RtpHeader;
import io.xdp4j.schedule.IdleStrategy;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.udp.Membership;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.NetDevice;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.XdpProgram;
import io.xdp4j.xdp.XdpSocket;
import java.nio.ByteBuffer;

public class OwnHandler implements PacketHandler {
    private long packets;
    private long mediaBytes;
    private long longestPauseNs;
    private long previousNs;

    @Override
    public void onBatch(PacketBatch batch) { // by the receiver's thread; it allocates nothing, and should not wait
        ByteBuffer data = batch.data();
        for (int i = 0; i < batch.size(); i++) {
            int offset = batch.payloadOffset(i); // of the UDP payload, here an RTP packet
            int length = batch.payloadLength(i);
            if (!RtpHeader.isRtp(data, offset, length)) {
                continue;
            }
            packets++;
            mediaBytes += RtpHeader.payloadLength(data, offset, length); // at offset + RtpHeader.headerLength(...)
            if (previousNs != 0) {
                longestPauseNs = Math.max(longestPauseNs, batch.arrivalNs(i) - previousNs);
            }
            previousNs = batch.arrivalNs(i); // when the kernel saw it first
        }
    }

    @SuppressWarnings("try") // the membership is only held
    public static void main(String[] args) throws Exception {
        String nic = args[0]; // for example eth1
        Flow flow = Flow.parse(args[1]); // for example 239.1.2.3:5004
        OwnHandler handler = new OwnHandler();
        try (Umem umem = Umem.open();
                XdpProgram program = XdpProgram.load(1, NetDevice.find(nic).rxQueues());
                XdpSocket socket = XdpSocket.open(umem, nic, 0);
                Membership joined = Membership.join(nic, flow)) {
            program.redirect(flow, socket);
            program.attach(nic, Mode.AUTO);
            try (Receiver receiver = Receiver.start("video", IdleStrategy.sleep(1_000_000), handler, socket)) {
                System.out.println(receiver.thread().getName() + " receives");
                Thread.sleep(Long.parseLong(args[2]));
            }
        }
        // The receiver has ended, so its fields can be read.
        System.out.println(handler.packets + " packets, " + handler.mediaBytes + " bytes of media, longest pause "
                + handler.longestPauseNs / 1_000 + " us");
    }
}
