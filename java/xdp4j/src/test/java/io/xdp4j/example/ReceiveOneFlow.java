// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.example;

import io.xdp4j.packet.Flow;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.schedule.IdleStrategy;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.udp.Membership;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.NetDevice;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.XdpProgram;
import io.xdp4j.xdp.XdpSocket;

public class ReceiveOneFlow {
    @SuppressWarnings("try") // the membership is only held
    public static void main(String[] args) throws Exception {
        String nic = args[0]; // for example eth1
        Flow flow = Flow.parse(args[1]); // for example 239.1.2.3:5004
        RtpFlow rtp = new RtpFlow();
        PacketHandler check = batch -> {
            for (int i = 0; i < batch.size(); i++) {
                rtp.onPacket(batch, i);
            }
        };
        try (Umem umem = Umem.open();
                XdpProgram program = XdpProgram.load(1, NetDevice.find(nic).rxQueues());
                XdpSocket socket = XdpSocket.open(umem, nic, 0);
                Membership joined = Membership.join(nic, flow)) {
            program.redirect(flow, socket);
            Mode mode = program.attach(nic, Mode.AUTO);
            try (Receiver receiver = Receiver.start("video", IdleStrategy.sleep(1_000_000), check, socket)) {
                System.out.println(receiver.thread().getName() + " receives, " + mode);
                Thread.sleep(Long.parseLong(args[2]));
            }
            System.out.println(rtp.snapshot().counts());
            System.out.println(socket.statistics());
        }
    }
}
