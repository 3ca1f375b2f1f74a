// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.Machine;
import io.xdp4j.cli.Paragraph;
import io.xdp4j.cli.compare.Columns.Column;
import io.xdp4j.cli.page.Page;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code compare --lossless} found; what {@code --json} writes, in this order.
 *
 * @param complete whether every search was ended
 */
record LosslessReport(boolean complete, Machine machine, LosslessSettings settings, List<Throughput> sources)
        implements Measurement.Findings {
    private static final Set<String> SOCKETS =
            Set.of(Backend.RAW.toString(), Backend.RECVMMSG.toString(), Backend.NIO.toString());

    private static final List<Column<Throughput>> COLUMNS = List.of(
            new Column<>("source", "", Throughput::backend,
                    "way to receive; peer: xdp in C; drop: peer with XDP_DROP in place of the redirect, the ceiling"),
            new Column<>("lossless", "pps", source -> count(source.losslessPps()),
                    "the highest rate at which nothing was lost and the sender was not late"),
            new Column<>("limit", "pps", source -> Figures.rounded(source.senderLimitPps()),
                    "what the sender gets into this source when it sends as fast as it can"),
            new Column<>("of limit", "", source -> ratio(source.ofSenderLimit()), "lossless by limit"),
            new Column<>("to peer", "", source -> ratio(source.toPeer()), "lossless by that of peer"),
            new Column<>("to socket", "", source -> ratio(source.toBestSocket()),
                    "lossless by that of the best of raw, recvmmsg and nio"),
            new Column<>("binds", "", source -> source.binds() == null ? "-" : source.binds(),
                    "what keeps it from more: where most packets were lost, or the sender, which could not offer more"),
            new Column<>("lost", "packets", source -> count(source.bindsLost()), "by the last trial that lost any, at"),
            new Column<>("at", "pps", source -> count(source.bindsAtPps()),
                    "the lowest rate that failed; if none did, the limit"),
            new Column<>("trials", "", source -> Figures.count(source.trials().size()), "all that were run"),
            new Column<>("confirmed", "packets", source -> count(source.confirmedSent()),
                    "sent by the runs that confirmed the rate, and all received"));

    /** @param sources not compared with each other yet */
    static LosslessReport of(boolean complete, Machine machine, LosslessSettings settings, List<Throughput> sources) {
        Long peer = highest(sources, Set.of(Backend.PEER.toString()));
        Long bestSocket = highest(sources, SOCKETS);
        return new LosslessReport(
                complete,
                machine,
                settings,
                sources.stream()
                        .map(source -> source.comparedTo(peer, bestSocket))
                        .toList());
    }

    private static Long highest(List<Throughput> sources, Collection<String> backends) {
        return sources.stream()
                .filter(source -> backends.contains(source.backend()))
                .map(Throughput::losslessPps)
                .filter(pps -> pps != null && pps > 0)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    @Override
    public Page page() {
        return LosslessPage.of(this);
    }

    @Override
    public List<String> report() {
        List<String> lines = new ArrayList<>();
        lines.add(machine.explained());
        lines.add(settings.placement() + "; frames of " + settings.sizeBytes() + " bytes, idle " + settings.idle());
        lines.add("One flow for every source and at every rate, so that each has one receiver throughout.");
        lines.addAll(Paragraph.lines(0, method()));
        lines.add("");
        lines.addAll(columns().lines());
        lines.add("");
        lines.addAll(columns().legend());
        senderBinds().ifPresent(text -> lines.addAll(List.of("", text)));
        return lines;
    }

    Columns<Throughput> columns() {
        return new Columns<>(COLUMNS, sources);
    }

    /** How the rates were found. */
    String method() {
        return "The highest rate without loss (RFC 2544: throughput), in steps of 1 % of what the sender gets into the"
                + " source: trials of " + settings.searchSeconds() + " s, of which one that fails is repeated once"
                + " before it counts; then " + settings.confirmations() + " runs of " + settings.confirmationSeconds()
                + " s in a row have to pass, or a rate is tried that is " + ThroughputSearch.STEPS_DOWN
                + " steps lower, or more after several such. A sender that took more than 1.02 times the time asked for"
                + " is late, which does not pass; well below its limit it has " + ThroughputSearch.PATIENCE
                + " more chances.";
    }

    /** What their ratio does not say, where the sender binds several; empty where it does not. */
    Optional<String> senderBinds() {
        return sources.stream().filter(source -> Trial.SENDER.equals(source.binds())).count() > 1
                ? Optional.of(
                        "Where the sender binds, the source may be able to receive more than it could be sent here.")
                : Optional.empty();
    }

    private static String count(Long value) {
        return value == null ? "-" : Figures.count(value);
    }

    private static String ratio(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.2f", value);
    }
}
