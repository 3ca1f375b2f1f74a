// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.example;

import io.xdp4j.ledger.LossLedger;
import io.xdp4j.ledger.SteeredFlow;
import io.xdp4j.ledger.WatchedFlow;
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
import java.util.List;

public class FlowsThatComeAndGo {
    @SuppressWarnings("try") // the memberships are only held
    public static void main(String[] args) throws Exception {
        String nic = args[0]; // for example eth1
        Flow stays = Flow.parse(args[1]); // for example 239.1.2.3:5004
        Flow comes = Flow.parse(args[2]);
        RtpFlow[] rtp = {new RtpFlow(), new RtpFlow()}; // by flow id
        PacketHandler check = batch -> {
            for (int i = 0; i < batch.size(); i++) {
                rtp[batch.flow(i)].onPacket(batch, i);
            }
        };
        try (Umem umem = Umem.open();
                XdpProgram program = XdpProgram.load(64, NetDevice.find(nic).rxQueues()); // room for 64 flows
                XdpSocket socket = XdpSocket.open(umem, nic, 0);
                Membership joined = Membership.join(nic, stays)) {
            int first = program.redirect(stays, socket);
            try (Receiver receiver = Receiver.start("video", IdleStrategy.sleep(1_000_000), check, socket);
                    LossLedger ledger = LossLedger.open(
                            nic, program, List.of(new WatchedFlow(stays, rtp[first])), List.of(receiver))) {
                program.attach(nic, Mode.AUTO);
                int second = program.prepare(comes); // an id; nothing is counted yet
                program.redirect(second, socket);
                WatchedFlow watched = new WatchedFlow(comes, rtp[second]);
                ledger.add(SteeredFlow.of(program, second, watched, List.of(receiver)));
                try (Membership also = Membership.join(nic, comes)) {
                    program.admit(second); // from now on
                    System.out.println(receiver.thread().getName() + " receives both");
                    Thread.sleep(Long.parseLong(args[3]));
                    program.remove(second); // no more of its packets are redirected
                    System.out.println(ledger.remove(second)); // its account, when what was on its way has come
                }
                System.out.println(ledger.snapshot().flows());
            }
        }
    }
}
