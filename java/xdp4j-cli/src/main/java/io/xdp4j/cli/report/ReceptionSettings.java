// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.receive.Placement;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.cli.receive.ReceiveSettings;
import io.xdp4j.cli.receive.XdpSettings;
import io.xdp4j.packet.Flow;
import io.xdp4j.xdp.NetDevice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a run was asked to do, and what was in force. */
final class ReceptionSettings {
    private final Map<String, String> terms = new LinkedHashMap<>();

    private ReceptionSettings() {}

    static Map<String, String> of(Run run) {
        ReceptionSettings settings = new ReceptionSettings();
        settings.add(run);
        return settings.terms;
    }

    private void add(Run run) {
        ReceiveSettings settings = run.settings();
        terms.put("interface", device(settings.device()));
        terms.put("flows at the start", flows(settings.flows()));
        terms.put("backend", settings.backend().toString());
        terms.put("in force", run.inForce());
        terms.put("when idle", settings.idle().text());
        terms.put("batch", Figures.count(settings.batch()) + " packets");
        if (run.report().xdp() != null) {
            add(settings.xdp(), run.report().xdp());
        } else {
            terms.put("receive buffer asked for", Figures.count(settings.receiveBuffer()) + " bytes");
            terms.put("receive buffer granted", Figures.count(run.report().socket().receiveBufferBytes()) + " bytes");
        }
    }

    private static String device(NetDevice device) {
        return device.name() + ", MTU " + device.mtuBytes() + ", "
                + (device.rxQueues() == 1 ? "1 RX queue" : device.rxQueues() + " RX queues")
                + (device.numaNode() < 0 ? "" : ", NUMA node " + device.numaNode());
    }

    private static String flows(List<Flow> flows) {
        int more = flows.size() - RunHistory.MOST_NAMED;
        return flows.stream().limit(RunHistory.MOST_NAMED).map(Flow::toString).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + Figures.count(more) + " more" : "");
    }

    private void add(XdpSettings asked, ReceiveReport.XdpReport got) {
        terms.put("queues", asked.queues().stream().map(Object::toString).collect(Collectors.joining(", ")));
        terms.put("workers", got.workers());
        terms.put("sockets", Figures.count(got.sockets()) + ", one for each " + lower(asked.socketsPer()));
        terms.put("RX ring", Figures.count(got.rxRing()) + " descriptors");
        terms.put("fill ring", Figures.count(got.fillRing()) + " descriptors");
        terms.put("frames", Figures.count(got.frameSize()) + " bytes"
                + (got.multiBuffer() ? "; a packet may take several" : ""));
        terms.put("XDP mode", lower(asked.mode()) + " asked for, " + got.mode()
                + (got.zeroCopy() ? " with zero-copy" : " with copies") + " in force"
                + (got.fallback() == null ? "" : ": " + got.fallback()));
        terms.put("attached as", lower(asked.attachment()));
        terms.put("huge pages", got.hugePages() ? "yes" : "no: " + got.hugePageRefusal());
        terms.put("busy poll", got.busyPoll() == null
                ? "no"
                : got.busyPoll().budget() + " packets" + (got.busyPoll().effective() ? "" : ", without effect"));
        terms.put("CPUs and priority", placement(asked.placement()));
    }

    private static String placement(Placement placement) {
        return (placement.cpus().isEmpty() ? "any CPU" : "CPU " + join(placement.cpus()))
                + (placement.priority() == 0 ? "" : ", SCHED_FIFO " + placement.priority());
    }

    private static String join(List<Integer> numbers) {
        return numbers.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
