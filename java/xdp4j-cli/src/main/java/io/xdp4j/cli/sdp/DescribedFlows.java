// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import io.xdp4j.packet.Flow;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a session description names to be received.
 *
 * @param flows in the order of its media, all different, at least one
 * @param notes what of it is not done as it stands there: sentences that begin with the number of a line
 */
public record DescribedFlows(List<AnnouncedFlow> flows, List<String> notes) {
    private static final int MOST_FLOWS = 16_384;

    public DescribedFlows {
        flows = List.copyOf(flows);
        notes = List.copyOf(notes);
    }

    /** @throws IllegalArgumentException whose message names the line, if it is one, and the reason */
    static DescribedFlows of(SessionDescription description) {
        List<Media> media = description.media().stream().map(Media::of).toList();
        List<Media> received = media.stream().filter(Media::isReceived).toList();
        checkAny(media, received);
        Set<String> notes = new LinkedHashSet<>();
        media.stream().filter(each -> !each.isReceived()).forEach(each -> notes.add("line " + each.line().number()
                + ": this media is left out, for its "
                + (each.isRtp()
                        ? "port is 0, by which a media is switched off"
                        : "transport is " + each.transport() + ", not RTP")));
        Duplicates duplicates = new Duplicates(description, media);
        List<SourceFilter> filters = SourceFilter.of(description.session());
        List<InetAddress> groups = new ArrayList<>();
        Map<Media, List<AnnouncedFlow>> flows = new LinkedHashMap<>();
        int count = 0;
        for (Media each : received) {
            MediaFlows ofMedia = new MediaFlows(each, description, filters);
            groups.addAll(ofMedia.groups());
            flows.put(each, ofMedia.flows());
            notes.addAll(ofMedia.notes());
            count += flows.get(each).size();
            if (count > MOST_FLOWS) {
                throw each.line().refusal("with this media there are more than " + MOST_FLOWS + " flows");
            }
        }
        if (received.size() == media.size()) { // else a filter may be for a media that is left out
            SourceFilter.checkUse(filters, groups);
        }
        List<AnnouncedFlow> all = new ArrayList<>();
        received.forEach(each -> all.addAll(duplicates.marked(each, flows)));
        checkDifferent(all);
        return new DescribedFlows(all, List.copyOf(notes));
    }

    private static void checkAny(List<Media> media, List<Media> received) {
        if (!received.isEmpty()) {
            return;
        }
        SdpLine first = media.get(0).line();
        SdpLine off = media.stream().filter(Media::isRtp).findFirst().map(Media::line).orElseThrow(() -> first.refusal(
                "this media is not sent by RTP, and no other is: " + first));
        throw off.refusal("port 0, by which a media is switched off, and no other is sent by RTP: give the port that it"
                + " is sent to");
    }

    private static void checkDifferent(List<AnnouncedFlow> flows) {
        Map<Flow, AnnouncedFlow> seen = new HashMap<>();
        for (AnnouncedFlow flow : flows) {
            AnnouncedFlow before = seen.putIfAbsent(flow.flow(), flow);
            if (before != null) {
                throw new IllegalArgumentException("line " + flow.line() + ": flow " + flow.flow() + " is that of line "
                        + before.line() + " already: the two cannot be told apart");
            }
        }
    }
}
