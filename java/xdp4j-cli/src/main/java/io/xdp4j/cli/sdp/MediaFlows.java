// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import io.xdp4j.packet.Flow;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The flows of one media: its groups and ports, and for each of these the sources that its filters name. */
final class MediaFlows {
    private final Media media;
    private final SessionDescription description;
    private final List<SourceFilter> ofSession;
    private final List<SourceFilter> ofMedia;
    private final List<InetAddress> groups;
    private final List<String> notes = new ArrayList<>();

    /** @param ofSession the filters of the session */
    MediaFlows(Media media, SessionDescription description, List<SourceFilter> ofSession) {
        this.media = media;
        this.description = description;
        this.ofSession = ofSession;
        this.ofMedia = SourceFilter.of(media.section());
        this.groups = connections().stream()
                .flatMap(line -> Connection.groups(line).stream())
                .toList();
        SourceFilter.checkUse(ofMedia, groups);
    }

    /** The media's own {@code c=} lines replace that of the session, of which there is one. */
    private List<SdpLine> connections() {
        List<SdpLine> own = media.section().ofType('c');
        if (!own.isEmpty()) {
            return own;
        }
        List<SdpLine> session = description.session().ofType('c');
        if (session.isEmpty()) {
            throw media.line().refusal("neither this media nor the session has a c= line, which says where it is sent:"
                    + " c=IN IP4 GROUP/TTL");
        }
        if (session.size() > 1) {
            throw session.get(1).refusal("a second c= line of the session: give each media its own");
        }
        return session;
    }

    List<InetAddress> groups() {
        return groups;
    }

    /** Sentences that begin with the number of a line. */
    List<String> notes() {
        return notes;
    }

    /** In the order of groups and ports, those of the same group and port in the order of the sources. */
    List<AnnouncedFlow> flows() {
        PayloadTypes types = PayloadTypes.of(media);
        List<Integer> ports = media.rtpPorts();
        List<AnnouncedFlow> flows = new ArrayList<>();
        if (groups.size() == ports.size()) {
            for (int i = 0; i < groups.size(); i++) {
                add(groups.get(i), ports.get(i), types, flows);
            }
        } else if (groups.size() == 1 || ports.size() == 1) {
            groups.forEach(group -> ports.forEach(port -> add(group, port, types, flows)));
        } else {
            throw media.line().refusal(ports.size() + " ports and " + groups.size()
                    + " groups: there must be as many of both, or one of either");
        }
        return flows;
    }

    private void note(SdpLine line, String text) {
        notes.add("line " + line.number() + ": " + text);
    }

    private void add(InetAddress group, int port, PayloadTypes types, List<AnnouncedFlow> flows) {
        List<SourceFilter> filters = filters(group);
        Announcement announcement = announcement(types);
        Flow first = null;
        for (SourceFilter filter : filters) {
            for (InetAddress source : filter.sources()) {
                Flow flow = flow(group, port, Optional.of(source), filter.line());
                boolean repeats = first != null && isDuplicated();
                flows.add(announced(flow, repeats ? announcement.duplicateOf(first.toString()) : announcement));
                first = first == null ? flow : first;
            }
        }
        if (filters.isEmpty()) {
            flows.add(announced(flow(group, port, Optional.empty(), media.line()), announcement));
        }
    }

    /** Those for a group that name its sources. The media's replace the session's. */
    private List<SourceFilter> filters(InetAddress group) {
        List<SourceFilter> own = ofMedia.stream().filter(filter -> filter.isFor(group)).toList();
        List<SourceFilter> all =
                own.isEmpty() ? ofSession.stream().filter(filter -> filter.isFor(group)).toList() : own;
        for (SourceFilter filter : all) {
            if (!filter.includes()) {
                note(filter.line(), "excl is not applied: what comes from these sources is counted like the rest");
            }
        }
        return all.stream().filter(SourceFilter::includes).toList();
    }

    /** Whether its sources send the same packets (RFC 7104 §4.1). */
    private boolean isDuplicated() {
        return media.section().attributes("ssrc-group").stream()
                .anyMatch(line -> SdpLine.words(line.attributeValue()).get(0).equals("DUP"));
    }

    private Flow flow(InetAddress group, int port, Optional<InetAddress> source, SdpLine line) {
        try {
            return new Flow(group, port, source);
        } catch (IllegalArgumentException e) {
            throw line.refusal(e.getMessage());
        }
    }

    private Announcement announcement(PayloadTypes types) {
        return new Announcement(
                description.name(),
                media.type(),
                types.preferred().encoding(),
                types.preferred().number(),
                types.preferred().clockRateHz(),
                types.clocks(),
                null);
    }

    private AnnouncedFlow announced(Flow flow, Announcement announcement) {
        return new AnnouncedFlow(flow, media.line().number(), announcement);
    }
}
