// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.example;

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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

public class ReceiveManyFlows {
    public static void main(String[] args) throws Exception {
        String nic = args[0]; // for example eth1
        List<Flow> flows = Stream.of(args[1].split(",")).map(Flow::parse).toList();
        int queues = NetDevice.find(nic).rxQueues();
        RtpFlow[][] rtp = new RtpFlow[flows.size()][queues]; // an RtpFlow is one thread's, and each queue has a thread
        List<Receiver> receivers = new ArrayList<>();
        Deque<AutoCloseable> open = new ArrayDeque<>(); // closed from the latest to the first
        try {
            XdpProgram program = XdpProgram.load(flows.size(), queues);
            open.push(program);
            for (Flow flow : flows) {
                program.add(flow); // flow ids are given from 0 on
                open.push(Membership.join(nic, flow));
            }
            for (int queue = 0; queue < queues; queue++) { // RSS may put a flow's packets on any
                int mine = queue;
                PacketHandler check = batch -> {
                    for (int i = 0; i < batch.size(); i++) {
                        rtp[batch.flow(i)][mine].onPacket(batch, i);
                    }
                };
                Umem umem = Umem.open();
                open.push(umem);
                XdpSocket socket = XdpSocket.open(umem, nic, queue);
                open.push(socket);
                for (int flow = 0; flow < flows.size(); flow++) {
                    rtp[flow][queue] = new RtpFlow();
                    program.redirect(flow, socket);
                }
                Receiver receiver = Receiver.start("queue-" + queue, IdleStrategy.sleep(1_000_000), check, socket);
                open.push(receiver);
                receivers.add(receiver);
            }
            List<WatchedFlow> watched = new ArrayList<>();
            for (int flow = 0; flow < flows.size(); flow++) {
                watched.add(new WatchedFlow(flows.get(flow), List.of(rtp[flow])));
            }
            LossLedger ledger = LossLedger.open(nic, program, watched, receivers);
            open.push(ledger);
            System.out.println(queues + " queues, receives " + program.attach(nic, Mode.AUTO));
            Thread.sleep(Long.parseLong(args[2]));
            program.detach();
            receivers.forEach(Receiver::close);
            ledger.snapshot().flows().forEach(System.out::println);
        } finally {
            while (!open.isEmpty()) {
                open.pop().close();
            }
        }
    }
}
