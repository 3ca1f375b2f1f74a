// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.example;

import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.ledger.LossLedger;
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

public class AccountForOneFlow {
    @SuppressWarnings("try") // the membership is only held
    public static void main(String[] args) throws Exception {
        String nic = args[0]; // for example eth1
        Flow flow = Flow.parse(args[1]); // for example 239.1.2.3:5004
        RtpFlow rtp = new RtpFlow();
        PacketHandler check = batch -> {
            for (int i = 0; i < batch.size(); i++) {
                rtp.onPacket(batch, i); // every packet: what it counts is delivered
            }
        };
        List<WatchedFlow> watched = List.of(new WatchedFlow(flow, rtp));
        try (Umem umem = Umem.open();
                XdpProgram program = XdpProgram.load(1, NetDevice.find(nic).rxQueues());
                XdpSocket socket = XdpSocket.open(umem, nic, 0);
                Membership joined = Membership.join(nic, flow)) {
            program.redirect(flow, socket);
            try (Receiver receiver = Receiver.start("video", IdleStrategy.sleep(1_000_000), check, socket);
                    LossLedger ledger = LossLedger.open(nic, program, watched, List.of(receiver))) {
                Mode mode = program.attach(nic, Mode.AUTO); // behind the ledger: it has every packet
                System.out.println(receiver.thread().getName() + " receives, " + mode);
                Thread.sleep(Long.parseLong(args[2])); // ledger.snapshot() at any time
                program.detach(); // no more packets come
                receiver.close(); // which first takes those that wait
                LedgerSnapshot end = ledger.snapshot();
                end.flows().forEach(System.out::println);
                end.advice().forEach(advice -> System.out.println(advice.finding() + " " + advice.change()));
                end.limits().forEach(System.out::println);
            }
        }
    }
}
